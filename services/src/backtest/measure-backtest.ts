import { type Digest, money, price, quantity } from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  calendarNamed,
  exchangeDays,
  type Ticker,
} from '@sentinel/contracts/market';
import type { LimitsDocument } from '@sentinel/contracts/risk';
import { strategies } from '../strategy/index.ts';
import { strategyFinder } from './finder.ts';
import { liveThrough } from './live.ts';
import { runBacktest } from './run.ts';
import type { BacktestSetup, Finder, TestedSymbol } from './setup.ts';
import { momentsOf } from './timeline.ts';

const calendar = calendarNamed('NYSE-1');
const minutesPerDay = 390;
const rounds = 3;
/** A signal so often: about one in two trading days. */
const barsPerSignal = 700;
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** A walk of bars in cents, so many in each session from 2000 on. */
const walk = (count: number, perDay: number): BarSeries => {
  const column = () => new Float64Array(count);
  const bars = {
    ...{ symbol: 'AAA' as Ticker, timeframe: perDay === 1 ? ('1Day' as const) : ('1Min' as const) },
    ...{ start: column(), open: column(), high: column(), low: column(), close: column() },
    volume: column().fill(2_000_000),
  };
  let day = exchangeDays.fromDate('2000-01-03');
  let [last, state] = [100, 1];
  /** The same numbers each time, from -0.5 to 0.5. */
  const step = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x7fffffff - 0.5;
  };
  for (let n = 0; n < count; n++) {
    while (n % perDay === 0 && calendar.sessionOfDay(day) === undefined) day += 1;
    const session = calendar.sessionOfDay(day);
    const open = last;
    last = Math.round(Math.min(400, Math.max(25, last * (1 + step() * 0.03))) * 100) / 100;
    bars.start[n] = (session?.openMs ?? 0) + (n % perDay) * 60_000;
    [bars.open[n], bars.close[n]] = [open, last];
    bars.high[n] = Math.round(Math.max(open, last) * (1 + 0.005 * Math.abs(step())) * 100) / 100;
    bars.low[n] = Math.round(Math.min(open, last) * (1 - 0.005 * Math.abs(step())) * 100) / 100;
    if (n % perDay === perDay - 1) day += 1;
  }
  return bars;
};

const tested = (bars: BarSeries, daily: BarSeries, first: number): TestedSymbol => ({
  ...{ bars, daily, first, actions: [], sector: null },
  borrow: { available: quantity.fromShares(1_000_000), annualFeeBps: 30 },
});

/** A bracket around the last close, so often: what is measured is the house and not a rule. */
const bracket: Finder = ({ bars }, last) => {
  if (last % barsPerSignal !== 0) return undefined;
  const close = bars.close[last] as number;
  const at = (share: number) => price.of((close * share).toFixed(2));
  const levels = { entry: at(1), stop: at(0.97), target: at(1.06) };
  const regime = { label: 'trending_bull', tradeabilityBps: 9_000 } as const;
  return {
    draft: { ...levels, side: 'buy', confidence: 0.9, maxHoldBars: 600, indicators: {} },
    regime,
    committee: {
      ...{ ...levels, ...regime, strategyId: 'bench', symbol: bars.symbol, side: 'buy' },
      ...{ confidenceBps: 9_000, compatible: true, fitBps: 9_000, averageTrueRangeBps: 200 },
      ...{ contextMoveBps: 0, barVolume: null },
    },
  };
};

const quickest = (work: () => void): number => {
  const times = Array.from({ length: rounds }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  });
  return Math.min(...times) / 1_000;
};

/**
 * Seconds that twenty years of daily bars take with a strategy of the house, and bars a second of a run over
 * minutes in which every event is kept, each the quickest of some rounds, beside a bare sum over the same bars.
 */
export const measureBacktest = (
  limits: LimitsDocument,
  { digest, minutes }: { readonly digest: Digest; readonly minutes: number },
) => {
  const setup = (
    symbols: readonly TestedSymbol[],
    find: Finder,
    timeframe: '1Day' | '1Min' = '1Day',
  ): BacktestSetup => ({
    ...{ strategyId: 'bench', symbols, calendar, limits, find, digest, source: 'mock' },
    ...{ startingCash: money.of('100000'), codeDigest: digest('bench') },
    venue: { seed: 1, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1', bars: timeframe },
  });
  const rule = strategies.momentum_v1;
  const years = walk(5_040 + rule.historyBars, 1);
  const twenty = [tested(years, years, rule.historyBars)];
  const refind = (symbols: readonly TestedSymbol[]) =>
    setup(symbols, strategyFinder(rule, { calendar, context: null }));
  const dailySeconds = quickest(() => {
    runBacktest(refind(twenty), { refind, progress: () => undefined });
  });
  const bars = walk(minutes, minutesPerDay);
  let [events, trades] = [0, 0];
  const minuteSeconds = quickest(() => {
    const live = liveThrough(setup([tested(bars, years, 0)], bracket, '1Min'));
    for (const moment of momentsOf([tested(bars, years, 0)], calendar)) {
      live.decide(moment);
      live.meet(moment);
    }
    live.close();
    events = live.events().length;
    trades = live.counts.entries;
  });
  const bareSeconds = quickest(() => {
    if (Number.isNaN(sum(bars.high) + sum(bars.low) + sum(bars.close))) throw new Error('no bars');
  });
  return {
    ...{ dailySeconds, events, trades },
    barsPerSecond: minutes / minuteSeconds,
    bareBarsPerSecond: minutes / bareSeconds,
  };
};
