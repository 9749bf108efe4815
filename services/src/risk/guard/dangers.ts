import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  isBefore,
  type Money,
  millisecondsBetween,
  money,
  type OrderId,
  type Price,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker, Trade } from '@sentinel/contracts/market';
import { markToMarket, type PositionState } from '@sentinel/contracts/portfolio';
import type { HaltScope, LimitsDocument } from '@sentinel/contracts/risk';
import { equityOf } from '../../portfolio/index.ts';
import { shortMaintenance } from '../maintenance.ts';

/** Why the house halts by itself (RTS 6, articles 15(3) and 16). */
export type DangerCode =
  | 'DAILY_LOSS'
  | 'MARGIN_CALL'
  | 'REJECT_RATE'
  | 'REPEATED_EXECUTION'
  | 'UNRESOLVED_ORDER'
  | 'STALE_DATA';

export type Danger = {
  readonly code: DangerCode;
  readonly scope: HaltScope;
  readonly target: string | null;
  readonly message: string;
};

/** An account in its open session, as far as the guard watches over it. */
export type GuardedAccount = {
  readonly account: string;
  readonly date: TradingDate;
  /** The latest market time that any event carried. */
  readonly lastAt: Temporal.Instant;
  readonly limits: LimitsDocument;
  readonly cash: Money;
  readonly positions: ReadonlyMap<Ticker, PositionState>;
  readonly lastPrices: {
    readonly get: (symbol: Ticker) => Pick<Trade, 'price' | 'at'> | undefined;
  };
  readonly dayStartEquity: Money;
  readonly working: { readonly values: () => readonly WorkingOrder[] };
  readonly orders: {
    readonly get: (id: OrderId) => { readonly updatedAt: Temporal.Instant } | undefined;
  };
  /** How many orders the venue has accepted or rejected, and which of them last, by number, it rejected. */
  readonly answers: { readonly count: number; readonly rejected: readonly number[] };
  /** Strategies that were denied for having traded too often. */
  readonly tripped: readonly string[];
  /** Dangers for which the guard has engaged a halt in this session, by dangerKey. */
  readonly guarded: readonly string[];
};

/** By what a danger counts as known: it halts once in a session, and a human's release holds. */
export const dangerKey = ({ code, target }: Pick<Danger, 'code' | 'target'>): string =>
  `${code}|${target ?? ''}`;

/** The market as the guard sees it: the last prices of what is held, and the time. */
export type Watched = {
  readonly at: Temporal.Instant;
  readonly isOpen: boolean;
  /** When the session opened; null where the market never closes. */
  readonly opensAt: Temporal.Instant | null;
  readonly prices: ReadonlyMap<Ticker, Pick<Trade, 'price' | 'at'>>;
};

const msPerSecond = 1_000;

/** What endangers the account now. Pure: the same account and market give the same dangers. */
export const dangersOf = (account: GuardedAccount, watched: Watched): readonly Danger[] => {
  const { limits } = account.limits;
  const equity = equityAt(account, watched);
  return [
    ...(equity === null ? [] : losses(account, equity)),
    ...(equity === null ? [] : marginCall(account, equity, watched)),
    ...(limits.guard === undefined ? [] : conduct(account, limits.guard)),
    ...(limits.guard === undefined ? [] : staleness(account, watched, limits.guard)),
    ...account.tripped.map(
      (strategyId): Danger => ({
        code: 'REPEATED_EXECUTION',
        scope: 'strategy',
        target: strategyId,
        message: `${strategyId} has traded as often as it may.`,
      }),
    ),
  ];
};

/** The market's last prices, and where it has none those that the session knows. */
const marksOf = (account: GuardedAccount, { prices }: Watched): ReadonlyMap<Ticker, Price> =>
  new Map(
    [...account.positions.keys()].flatMap((symbol) => {
      const last = prices.get(symbol) ?? account.lastPrices.get(symbol);
      return last === undefined ? [] : [[symbol, last.price]];
    }),
  );

/** Null while something held has never had a price: then STALE_DATA is what there is to say. */
const equityAt = (account: GuardedAccount, watched: Watched): Money | null =>
  equityOf(account.cash, account.positions.values(), marksOf(account, watched));

const losses = (account: GuardedAccount, equity: Money): readonly Danger[] => {
  const { maxDailyDrawdownBps } = account.limits.limits;
  const lost = money.subtract(account.dayStartEquity, equity);
  const most = money.atBps(account.dayStartEquity, BigInt(maxDailyDrawdownBps), 'down');
  if (lost < most || lost <= 0n) return [];
  const message = `The account lost ${money.format(lost)} dollars today, of ${money.format(most)} at the most.`;
  return [{ code: 'DAILY_LOSS', scope: 'account', target: null, message }];
};

const marginCall = (
  account: GuardedAccount,
  equity: Money,
  watched: Watched,
): readonly Danger[] => {
  const { margin } = account.limits.limits;
  if (margin === undefined) return [];
  const marks = marksOf(account, watched);
  const each = [...account.positions.values()].map(({ symbol, quantity: shares, averagePrice }) => {
    const mark = marks.get(symbol) ?? averagePrice;
    return shares < 0n
      ? shortMaintenance(quantity.negate(shares), mark, margin)
      : money.atBps(markToMarket({ quantity: shares }, mark), BigInt(margin.maintenanceBps), 'up');
  });
  const needed = money.add(...each);
  if (equity >= needed) return [];
  const message = `Equity of ${money.format(equity)} dollars is below the maintenance margin of ${money.format(needed)}.`;
  return [{ code: 'MARGIN_CALL', scope: 'account', target: null, message }];
};

type Guard = NonNullable<LimitsDocument['limits']['guard']>;

const conduct = (account: GuardedAccount, guard: Guard): readonly Danger[] => {
  const { count, rejected } = account.answers;
  const rejects = rejected.filter((number) => number > count - guard.amongOrders).length;
  const unresolved = account.working.values().flatMap((order): readonly Danger[] => {
    const since = account.orders.get(order.orderId)?.updatedAt;
    if (order.status !== 'unknown' || since === undefined) return [];
    const seconds = millisecondsBetween(since, account.lastAt) / msPerSecond;
    if (seconds < guard.unresolvedSeconds) return [];
    const { symbol } = order.intent;
    const message = `What became of order ${order.orderId} is unknown for ${Math.floor(seconds)} s.`;
    return [{ code: 'UNRESOLVED_ORDER', scope: 'symbol', target: symbol, message }];
  });
  if (rejects < guard.maxRejects) return unresolved;
  const message = `The venue rejected ${rejects} of the last ${guard.amongOrders} orders.`;
  return [{ code: 'REJECT_RATE', scope: 'account', target: null, message }, ...unresolved];
};

/**
 * A symbol that has not traded in this session has the time from its opening to do so; one that has,
 * the time from its last trade.
 */
const staleness = (
  account: GuardedAccount,
  { at, isOpen, opensAt, prices }: Watched,
  guard: Guard,
): readonly Danger[] => {
  if (!isOpen) return [];
  return [...account.positions.keys()].flatMap((symbol): readonly Danger[] => {
    const traded = prices.get(symbol)?.at;
    const since =
      opensAt !== null && (traded === undefined || isBefore(traded, opensAt)) ? opensAt : traded;
    const seconds = since === undefined ? undefined : millisecondsBetween(since, at) / msPerSecond;
    if (seconds !== undefined && seconds <= guard.staleSeconds) return [];
    const message =
      seconds === undefined
        ? `There is no price of ${symbol}, which is held.`
        : since === traded
          ? `The last price of ${symbol}, which is held, is ${Math.floor(seconds)} s old.`
          : `${symbol}, which is held, has not traded in the ${Math.floor(seconds)} s since the opening.`;
    return [{ code: 'STALE_DATA', scope: 'symbol', target: symbol, message }];
  });
};
