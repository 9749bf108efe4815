import { sessionEvents } from '@sentinel/contracts/execution';
import { canonicalJson, type Digest, encodeEvent, type Sha256 } from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import type { KeptEvent } from './account-days.ts';
import { liveThrough } from './live.ts';
import type { RunAt } from './run-state.ts';
import type { BacktestSetup, TestedSymbol } from './setup.ts';
import { knownOn } from './shares-of-day.ts';
import type { Moment } from './timeline.ts';

/** Where a run stood just before a moment, and what was decided in it. */
export type Cut = {
  readonly from: RunAt;
  readonly moment: Moment;
  readonly events: readonly KeptEvent[];
};

export type LookAhead = {
  readonly cuts: number;
  /** What came out again, of all that was decided at those moments. */
  readonly eventsCompared: number;
  readonly result: 'equal' | 'different';
  /** The first moment at which was decided otherwise without the future; null where there is none. */
  readonly firstDifferenceAt: Temporal.Instant | null;
};

/** Cuts that are kept at the most of either kind. */
const mostCuts = 32;

/** Keeps some of many, evenly: each time that there are too many, every other one goes. */
const evenly = <Value>(most: number) => {
  let kept: Value[] = [];
  let [stride, seen] = [1, 0];
  return {
    offer: (make: () => Value): void => {
      if (seen++ % stride !== 0) return;
      kept.push(make());
      if (kept.length < most) return;
      kept = kept.filter((_, n) => n % 2 === 0);
      stride *= 2;
    },
    kept: (): readonly Value[] => kept,
  };
};

/** Cuts at moments at which something was decided, and at moments at which nothing was. */
export const sampledCuts = () => {
  const [decided, silent] = [evenly<Cut>(mostCuts), evenly<Cut>(mostCuts)];
  return {
    offer: (hasDecided: boolean, make: () => Cut): void =>
      (hasDecided ? decided : silent).offer(make),
    kept: (): readonly Cut[] => [...decided.kept(), ...silent.kept()],
  };
};

const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;
/** Further back no rule looks. */
const behind = 2_000;

/** Copies of bars that begin before `ms`: nothing behind them is left to be looked at. */
const cutAt = (
  bars: BarSeries,
  ms: number,
): { readonly bars: BarSeries; readonly from: number } => {
  let [low, high] = [0, bars.start.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars.start[middle] as number) < ms) low = middle + 1;
    else high = middle;
  }
  const from = Math.max(0, low - behind);
  const cut = Object.fromEntries(columns.map((name) => [name, bars[name].slice(from, low)]));
  return { bars: { ...bars, ...cut }, from };
};

const digestOf = (kept: KeptEvent | undefined, digest: Digest): Sha256 | undefined =>
  kept && digest(canonicalJson(encodeEvent(sessionEvents, kept.event)));

/** What is decided at a moment on bars of which none is left that begins with it or after. */
const decidedAgain = (
  { from, moment }: Cut,
  setup: BacktestSetup,
  refind: (symbols: readonly TestedSymbol[]) => BacktestSetup,
): readonly KeptEvent[] => {
  const isDaily = setup.symbols[0]?.bars.timeframe === '1Day';
  // A daily bar says when its day begins, which is before the session does.
  const ms = isDaily ? moment.day.openMs - msBeforeOpening : moment.ms;
  const cut = setup.symbols.map((whole) => {
    const tested = knownOn(whole, moment.day.date);
    const { bars, from: offset } = cutAt(tested.bars, ms);
    const daily = cutAt(tested.daily, moment.day.openMs - msBeforeOpening).bars;
    return { tested: { ...tested, bars, daily }, offset };
  });
  const again = liveThrough(refind(cut.map(({ tested }) => tested)));
  again.resume({
    ...from,
    standing: from.standing.map(({ last, since, mostBars }, n) => {
      const { offset } = cut[n] as (typeof cut)[number];
      return { last: last - offset, since: since && since - offset, mostBars };
    }),
  });
  again.decide(moment);
  return again.events();
};

/** A daily bar may begin at midnight of its day. */
const msBeforeOpening = 12 * 60 * 60_000;

/**
 * Decides some moments of a run again on bars that end where the moment begins: what comes out otherwise has
 * seen what it could not have known.
 */
export const checkLookAhead = (
  setup: BacktestSetup,
  cuts: readonly Cut[],
  refind: (symbols: readonly TestedSymbol[]) => BacktestSetup,
): LookAhead => {
  let eventsCompared = 0;
  for (const cut of cuts) {
    const again = decidedAgain(cut, setup, refind);
    const count = Math.max(again.length, cut.events.length);
    for (let n = 0; n < count; n++) {
      if (digestOf(cut.events[n], setup.digest) !== digestOf(again[n], setup.digest)) {
        const firstDifferenceAt = Temporal.Instant.fromEpochMilliseconds(cut.moment.ms);
        return { cuts: cuts.length, eventsCompared, result: 'different', firstDifferenceAt };
      }
      eventsCompared += 1;
    }
  }
  return { cuts: cuts.length, eventsCompared, result: 'equal', firstDifferenceAt: null };
};
