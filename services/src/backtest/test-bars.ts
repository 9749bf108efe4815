import { money, price, quantity } from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  type CorporateAction,
  calendarNamed,
  exchangeDays,
  type Ticker,
} from '@sentinel/contracts/market';
import { testDigest } from '../execution/test-kit/test-desk.ts';
import { limitsWith, marginLimits } from '../risk/fixtures.ts';
import type { BacktestSetup, Finder, FoundTrade, TestedSymbol } from './setup.ts';

export const calendar = calendarNamed('NYSE-1');

/** Openings of so many sessions from a date on. */
const openings = (count: number, from = '2016-01-04'): readonly number[] => {
  const found: number[] = [];
  for (let day = exchangeDays.fromDate(from); found.length < count; day++) {
    const session = calendar.sessionOfDay(day);
    if (session !== undefined) found.push(session.openMs);
  }
  return found;
};

type Row = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** Daily bars from rows of four prices. */
export const dailyBars = (rows: readonly Row[], symbol = 'AAA'): BarSeries => {
  const column = (n: 0 | 1 | 2 | 3) => Float64Array.from(rows, (row) => row[n]);
  return {
    ...{
      symbol: symbol as Ticker,
      timeframe: '1Day',
      start: Float64Array.from(openings(rows.length)),
    },
    ...{ open: column(0), high: column(1), low: column(2), close: column(3) },
    volume: Float64Array.from(rows, (row) => row[4] ?? 2_000_000),
  };
};

/** A walk in cents around a hundred dollars, the same for the same seed. */
export const walk = (count: number, seed: number): readonly Row[] => {
  let state = seed + 1;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const cents = (value: number) => Math.round(value * 100) / 100;
  let last = 100;
  return Array.from({ length: count }, (): Row => {
    const open = cents(last * (1 + (next() - 0.5) * 0.01));
    last = Math.min(400, Math.max(20, last * (1 + (next() - 0.48) * 0.03)));
    const close = cents(last);
    const high = cents(Math.max(open, close) * (1 + next() * 0.01));
    const low = cents(Math.min(open, close) * (1 - next() * 0.01));
    return [open, high, low, close, Math.round(1_000_000 * (1 + 2 * next()))];
  });
};

export const testedSymbol = (
  bars: BarSeries,
  first = 30,
  actions: readonly CorporateAction[] = [],
): TestedSymbol => ({
  ...{ bars, daily: bars, first, actions, sector: null },
  borrow: { available: quantity.fromShares(1_000_000), annualFeeBps: 300 },
});

/** A trade with its stop and target so many dollars away from the last close. */
export const tradeAt = (
  { bars }: TestedSymbol,
  last: number,
  wish: {
    readonly side: 'buy' | 'sell_short';
    readonly away: number;
    readonly maxHoldBars: number;
  },
): FoundTrade => {
  const close = bars.close[last] as number;
  const sign = wish.side === 'buy' ? 1 : -1;
  const at = (offset: number) => price.of((close + sign * offset).toFixed(2));
  const levels = { entry: at(0), stop: at(-wish.away), target: at(2 * wish.away) };
  const regime = { label: 'trending_bull', tradeabilityBps: 9_000 } as const;
  return {
    draft: {
      ...levels,
      side: wish.side,
      confidence: 0.9,
      maxHoldBars: wish.maxHoldBars,
      indicators: {},
    },
    regime,
    committee: {
      ...{ ...levels, ...regime, strategyId: 'test_v1', symbol: bars.symbol, side: wish.side },
      ...{ confidenceBps: 9_000, compatible: true, fitBps: 9_000, averageTrueRangeBps: 200 },
      ...{ contextMoveBps: 0, barVolume: quantity.fromShares(1_000_000) },
    },
  };
};

export const setupWith =
  (find: () => Finder) =>
  (symbols: readonly TestedSymbol[]): BacktestSetup => ({
    ...{ strategyId: 'test_v1', symbols, calendar, find: find(), limits: limitsWith(marginLimits) },
    startingCash: money.of('100000'),
    venue: { seed: 3, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1', bars: '1Day' },
    ...{ source: 'historical', digest: testDigest, codeDigest: testDigest('code') },
  });
