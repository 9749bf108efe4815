import {
  type Money,
  money,
  type Price,
  price,
  type Quantity,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { marginLimits } from '../../risk/fixtures.ts';
import { workingInTurn } from '../session/index.ts';
import type { testDesk } from './test-desk.ts';

export type Desk = ReturnType<typeof testDesk>;

export type Account = { readonly type: 'cash' | 'margin'; readonly cash: string };
const wide: RiskLimits = {
  ...marginLimits,
  ...{ maxPositionBps: 100_000, maxGrossExposureBps: 100_000, maxTradeRiskBps: 100_000 },
  ...{ maxDailyDrawdownBps: 100_000, maxWeeklyDrawdownBps: 100_000, maxSectorBps: 100_000 },
  ...{ duplicateWindowMs: 0, minAverageDailyVolume: quantity.fromShares(1) },
  ...{ maxOrderVolumeBps: 10_000, maxSpreadBps: 10_000, maxCorrelationBps: 10_000 },
  ...{ maxMessagesPerSecond: 1_000, maxMessagesPerMinute: 1_000, maxMessagesPerDay: 10_000 },
  ...{ lossCooldownCount: 100, maxSlippageBps: 10_000, closingWindowMinutes: 1 },
  order: {
    maxValue: money.of('1000000'),
    maxValueBps: 100_000,
    maxQuantity: quantity.fromShares(10_000),
  },
};
const { margin: _, ...ofCash } = wide;

/** Limits that let nearly every order of an account pass, so that its books are what is tested. */
export const limitsOf = ({ type }: Account): RiskLimits => (type === 'cash' ? ofCash : wide);

/** Something that its owner does, by the seconds of trading since the beginning. */
export type Wish = {
  readonly second: number;
  readonly symbol: string;
  readonly side: 'buy' | 'sell' | 'sell_short';
  readonly kind: string;
  readonly shares: number;
  /** A purchase for nearly all of the cash, instead of so many shares. */
  readonly all: boolean;
  readonly keeps: boolean;
  /** Basis points by which its price is off the market's. */
  readonly offBps: number;
  readonly awayBps: number;
};

/** A price off another by basis points, on its grid. */
export const off = (from: Price, bps: number): Price =>
  price.toTick(((from * BigInt(10_000 + bps)) / 10_000n) as Price, 'down');

type Means = { readonly held: Quantity; readonly cash: Money };

/** Basis points of the cash that a purchase of its kind may cost, with what is set aside on top. */
const mostBps = ({ kind, offBps }: Wish): number => {
  if (kind === 'limit' || kind === 'bracket') return 9_990 - Math.max(0, offBps);
  return kind === 'market' ? 9_890 : 9_690;
};

const wanted = (wish: Wish, last: Price, { cash }: Means): Quantity => {
  const most = Number((cash * BigInt(mostBps(wish))) / (last * 10_000n));
  return quantity.fromShares(wish.all && most > 0 ? most : wish.shares);
};

/** What its owner asks of the desk, by the last price and by what the account has. */
export const inputOf = (wish: Wish, last: Price, means: Means) => {
  const { symbol, kind, keeps, offBps, awayBps } = wish;
  const side = wish.side === 'sell' && means.held <= 0n ? 'buy' : wish.side;
  const shares = wanted(wish, last, means);
  const qty = side === 'sell' ? quantity.min(shares, means.held) : shares;
  const common = { symbol: symbol as Ticker, side, qty };
  const time_in_force = keeps ? ('gtc' as const) : ('day' as const);
  const away = side === 'buy' ? awayBps : -awayBps;
  const at = off(last, offBps);
  switch (kind) {
    case 'limit':
      return { ...common, time_in_force, order_type: 'limit' as const, limit_price: at };
    case 'stop':
      return { ...common, time_in_force, order_type: 'stop' as const, stop_price: off(last, away) };
    case 'stop_limit':
      return {
        ...{ ...common, time_in_force, order_type: 'stop_limit' as const },
        ...{ stop_price: off(last, away), limit_price: off(last, away + Math.sign(away) * 40) },
      };
    case 'trailing': {
      const trail = price.format(off(last, awayBps - 10_000));
      return { ...common, time_in_force, order_type: 'trailing_stop' as const, trail };
    }
    case 'bracket':
      return {
        ...{ ...common, time_in_force, order_type: 'limit' as const, limit_price: at },
        ...{ stop_loss: off(at, -away), take_profit: off(at, away) },
      };
    case 'opening':
      return { ...common, time_in_force: 'opg' as const, order_type: 'market_on_open' as const };
    case 'closing':
      return { ...common, time_in_force: 'cls' as const, order_type: 'market_on_close' as const };
    default:
      return { ...common, time_in_force: 'day' as const, order_type: 'market' as const };
  }
};

export const meansOf = async ({ sessions }: Desk, symbol: Ticker): Promise<Means> => {
  const stream = (await sessions.open()).at(-1)?.stream;
  const state = stream && (await sessions.load(stream)).state;
  if (state?.phase !== 'open') return { held: quantity.zero, cash: money.zero };
  return { held: state.positions.get(symbol)?.quantity ?? quantity.zero, cash: state.cash };
};

/** The order that a wish to cancel or to change is about. */
export const chosenBy = async (wish: Wish, { sessions }: Desk, stream: StreamName) => {
  const { state } = await sessions.load(stream);
  const working = state.phase === 'open' ? workingInTurn(state) : [];
  return working[wish.shares % Math.max(1, working.length)];
};
