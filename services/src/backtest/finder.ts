import type { Quantity } from '@sentinel/contracts/kernel';
import { type BarSeries, type MarketCalendar, timeframeMinutes } from '@sentinel/contracts/market';
import { dailyFigures } from '../market/index.ts';
import { classify } from '../regime/index.ts';
import { type StrategyDefinition, sessionClock } from '../strategy/index.ts';
import { dailyBefore } from './facts-then.ts';
import type { Finder } from './setup.ts';

const bps = 10_000;
const sharesScale = 1e9;
const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;

/** The bars up to `last`, and no more than `most` of them. */
const window = (bars: BarSeries, last: number, most: number): BarSeries => ({
  ...bars,
  ...Object.fromEntries(
    columns.map((name) => [name, bars[name].subarray(Math.max(0, last + 1 - most), last + 1)]),
  ),
});

const asBps = (share: number): number => Math.min(bps, Math.max(0, Math.floor(share * bps)));
const percentAsBps = (percent: number | null): number | null =>
  percent === null ? null : Math.round(percent * 100);

const contextBars = 800;

/** The bars of the whole market that were complete at an instant; a daily one is when its day began before. */
const contextUntil = (
  context: BarSeries | null,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): BarSeries | null => {
  if (context === null) return null;
  const { start, timeframe } = context;
  const latest = timeframe === '1Day' ? startMs : endMs - timeframeMinutes[timeframe] * 60_000;
  let [low, high] = [0, start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((start[middle] as number) <= latest) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? null : window(context, low - 1, contextBars);
};

/**
 * A strategy as it is scanned with: its rule over its bars, on the regime of those very bars, and the figures
 * that the committee asks for.
 */
export const strategyFinder = (
  rule: StrategyDefinition,
  { calendar, context }: { readonly calendar: MarketCalendar; readonly context: BarSeries | null },
): Finder => {
  const { id, family, historyBars, timeframe, needsDailyVolume } = rule;
  const endOf = (startMs: number): { readonly endMs: number; readonly minutes: number | null } => {
    const session = timeframe === '1Day' ? undefined : calendar.sessionAt(startMs);
    const endMs = startMs + timeframeMinutes[timeframe] * 60_000;
    return { endMs, minutes: session === undefined ? 0 : (endMs - session.openMs) / 60_000 };
  };
  /** Where bars lie in their days, which no later bar changes: reckoned once for each series. */
  const clocks = new WeakMap<BarSeries, ReturnType<typeof sessionClock>>();
  const clockOf = (bars: BarSeries, last: number) => {
    const clock = clocks.get(bars) ?? sessionClock(bars.start);
    clocks.set(bars, clock);
    const from = Math.max(0, last + 1 - historyBars);
    return {
      key: clock.key.subarray(from, last + 1),
      minutesAfterOpen: clock.minutesAfterOpen.subarray(from, last + 1),
    };
  };
  return (tested, last) => {
    const bars = window(tested.bars, last, historyBars);
    const startMs = bars.start.at(-1) as number;
    const { endMs, minutes } = endOf(startMs);
    const classification = classify({
      bars,
      context: contextUntil(context, { startMs, endMs }),
      // A daily bar is looked at from the next opening on, as a scan before the bell does.
      minutesSinceOpen: timeframe === '1Day' ? null : minutes,
      withModel: false,
    });
    const volumeOfDays = needsDailyVolume
      ? dailyFigures(dailyBefore(tested, startMs)).averageDailyVolume
      : null;
    const clock = clockOf(tested.bars, last);
    const given = { bars, classification, clock, averageDailyVolume: volumeOfDays };
    const { draft } = rule.evaluate(given, rule.parameters);
    if (draft === null) return undefined;
    const { label, tradeability, compatibility, metrics } = classification;
    const fit = compatibility[family];
    const tradeabilityBps = asBps(tradeability);
    const volume = BigInt(Math.round((bars.volume.at(-1) as number) * sharesScale)) as Quantity;
    return {
      draft,
      regime: { label, tradeabilityBps },
      committee: {
        ...{ strategyId: id, symbol: bars.symbol, side: draft.side },
        ...{ entry: draft.entry, stop: draft.stop, target: draft.target },
        confidenceBps: asBps(draft.confidence),
        ...{ label, tradeabilityBps },
        compatible: fit?.compatible ?? false,
        fitBps: asBps(fit?.score ?? 0),
        averageTrueRangeBps: percentAsBps(metrics.atrPct),
        contextMoveBps: percentAsBps(metrics.contextMovePct),
        barVolume: volume,
      },
    };
  };
};
