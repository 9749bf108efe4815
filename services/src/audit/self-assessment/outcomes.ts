import type { OutputOf } from '@sentinel/contracts';
import { divide, millisecondsBetween, type Price } from '@sentinel/contracts/kernel';
import { type Timeframe, timeframeMinutes } from '@sentinel/contracts/market';
import type { RegimeLabel } from '@sentinel/contracts/regime';
import type { CommitteeFacts } from '@sentinel/contracts/risk';
import { meanOf, type Seen } from './period.ts';

type Report = OutputOf<'AssessSelf'>;

/** In basis points, to a tenth; positive where the fill was worse than the signal's entry. */
const worseBps = ({ side, entry }: CommitteeFacts, filled: Price): number => {
  const worse = side === 'buy' ? filled - entry : entry - filled;
  return Number(divide(worse * 100_000n, entry, 'half-even')) / 10;
};

/** Orders that followed a signal: what they were filled at against the entry that it named. */
export const slippageOf = (seen: readonly Seen[]): Report['slippage'] => {
  const signals = new Map<string, CommitteeFacts>();
  const orders = new Map<string, CommitteeFacts>();
  const filled = new Map<string, Price>();
  for (const { event } of seen) {
    if (event.type === 'RiskAssessed' && event.data.facts.committee)
      signals.set(event.data.decisionId, event.data.facts.committee);
    if (event.type === 'OrderSubmitted' && event.data.link === undefined) {
      const signal = signals.get(event.data.decisionId);
      if (signal !== undefined) orders.set(event.data.orderId, signal);
    }
    if (event.type === 'OrderPartiallyFilled' || event.type === 'OrderFilled')
      filled.set(event.data.orderId, event.data.averagePrice);
  }
  const slips = [...orders].flatMap(([orderId, signal]) => {
    const price = filled.get(orderId);
    return price === undefined ? [] : [worseBps(signal, price)];
  });
  return {
    orders_after_signals: orders.size,
    measured: slips.length,
    mean_bps: meanOf(slips),
    worst_bps: slips.length === 0 ? null : slips.reduce((a, b) => Math.max(a, b)),
  };
};

const barsUntilJudged = 5;
const msPerMinute = 60_000;
const minutesPerWeek = 7 * 24 * 60;

/** Five bars later: of days, which the exchange has five of in a week, a week later. */
const waitMsOf = (timeframe: Timeframe): number =>
  (timeframe === '1Day' ? minutesPerWeek : timeframeMinutes[timeframe] * barsUntilJudged) *
  msPerMinute;

type Call = {
  readonly label: RegimeLabel;
  readonly at: Temporal.Instant;
  readonly close: number;
  readonly atrPct: number | null;
};

/** Whether the market went as it was called; null where the label says nothing of a direction. */
const wentAsCalled = ({ label, atrPct }: Call, moveBps: number): boolean | null => {
  switch (label) {
    case 'trending_bull':
      return moveBps > 0;
    case 'trending_bear':
    case 'risk_off':
      return moveBps < 0;
    case 'mean_reverting':
      // It stayed where it was: within one average range of one bar.
      return atrPct === null ? null : Math.abs(moveBps) <= atrPct * 100;
    case 'high_vol_unstable':
    case 'low_liquidity':
    case 'opening_noise':
    case 'unknown':
      return null;
  }
};

/** The calls of each symbol and timeframe, with how many milliseconds must pass before one is judged. */
const callsOf = (seen: readonly Seen[]) => {
  const groups = new Map<string, { readonly waitMs: number; readonly calls: Call[] }>();
  const unmeasured: RegimeLabel[] = [];
  for (const { event } of seen) {
    if (event.type !== 'RegimeClassified') continue;
    const { symbol, timeframe, at, classification } = event.data;
    const { label, metrics } = classification;
    if (metrics.close === null) {
      unmeasured.push(label);
      continue;
    }
    const waitMs = waitMsOf(timeframe);
    const group = groups.get(`${symbol} ${timeframe}`) ?? { waitMs, calls: [] };
    group.calls.push({ label, at, close: metrics.close, atrPct: metrics.atrPct });
    groups.set(`${symbol} ${timeframe}`, group);
  }
  return { groups: [...groups.values()], unmeasured };
};

type Followed = {
  readonly label: RegimeLabel;
  readonly move: number;
  readonly held: boolean | null;
};

/** Regime calls against the closes that later calls of the same symbol put on record. */
export const regimeOf = (seen: readonly Seen[]): Report['regime'] => {
  const { groups, unmeasured } = callsOf(seen);
  const followed: Followed[] = [];
  for (const { waitMs, calls } of groups) {
    calls.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
    let next = 0;
    for (const call of calls) {
      while (next < calls.length && millisecondsBetween(call.at, (calls[next] ?? call).at) < waitMs)
        next++;
      const later = calls[next];
      if (later === undefined) break;
      const move = (later.close / call.close - 1) * 10_000;
      followed.push({ label: call.label, move, held: wentAsCalled(call, move) });
    }
  }
  const labels = [...groups.flatMap(({ calls }) => calls.map(({ label }) => label)), ...unmeasured];
  return [...new Set(labels)].sort().map((label) => {
    const of = followed.filter((each) => each.label === label);
    const judged = of.filter(({ held }) => held !== null);
    return {
      label,
      calls: labels.filter((each) => each === label).length,
      followed: judged.length === 0 ? of.length : judged.length,
      as_called: judged.length === 0 ? null : judged.filter(({ held }) => held).length,
      mean_move_bps: meanOf(of.map(({ move }) => move)),
    };
  });
};
