import { decodeEvent, type EventOf, price, type Sha256 } from '@sentinel/contracts/kernel';
import {
  type Condition,
  type Judged,
  type Signal,
  signalEvents,
} from '@sentinel/contracts/strategy';
import { instanceFinder, type StrategyDefinition, strategyPolicyOf } from '../strategy/index.ts';
import { compareFindings, type Finding, type FindingAgain, notAgain } from './finding-again.ts';
import {
  findingEvent,
  judgeAgain,
  type SignalSources,
  type Volume,
  volumeText,
} from './judge-again.ts';

export type SignalEvent = EventOf<typeof signalEvents>;
type SignalFound = Extract<SignalEvent, { readonly type: 'SignalFound' }>['data'];
type ScanCompleted = Extract<SignalEvent, { readonly type: 'ScanCompleted' }>['data'];

const olderThanRules = 'recorded before a finding named the version of its rule';

/** What a signal says, its sentences left out. */
const resultOf = (
  strategyId: string,
  conditions: readonly Condition[],
  draft: Omit<
    Signal,
    'signalId' | 'strategyId' | 'symbol' | 'timeframe' | 'conditions' | 'barsDigest'
  > | null,
) => ({
  strategyId,
  conditions: conditions.map(({ name, met }) => ({ name, met })),
  trade: draft && {
    side: draft.side,
    confidence: draft.confidence,
    entry: price.format(draft.entry),
    stop: price.format(draft.stop),
    target: price.format(draft.target),
    maxHoldBars: draft.maxHoldBars,
    indicators: draft.indicators,
  },
});

/**
 * The rule that judged: its recorded version, by the parameters that stand in the log of a strategy that
 * somebody made. A text says why there is none.
 */
const ruleOf = async (
  { strategyId, policyVersion }: { readonly strategyId: string; readonly policyVersion: string },
  { eventStore }: SignalSources,
): Promise<StrategyDefinition | string> => {
  const rule = strategyPolicyOf(policyVersion);
  if (rule === undefined) return `rule ${policyVersion} is of a newer Sentinel`;
  if (rule.id === strategyId) return rule;
  const instance = await instanceFinder(eventStore)(strategyId);
  return instance === undefined
    ? `the strategy ${strategyId} was never registered`
    : { ...rule, id: strategyId, parameters: instance.parameters };
};

const signalAgain = async (found: SignalFound, sources: SignalSources): Promise<FindingAgain> => {
  const { signal, policyVersion, averageDailyVolume } = found;
  if (policyVersion === null) return notAgain(olderThanRules);
  const rule = await ruleOf({ strategyId: signal.strategyId, policyVersion }, sources);
  if (typeof rule === 'string') return notAgain(rule);
  const again = await judgeAgain(rule, found, sources);
  if (typeof again === 'string') return notAgain(again);
  const { symbol, bars, volume, conditions, draft } = again;
  const inputs = (of: { symbol: string; barsDigest: Sha256; volume: Volume }) => ({
    symbol: of.symbol,
    barsDigest: of.barsDigest,
    averageDailyVolume: volumeText(of.volume),
  });
  return compareFindings(
    {
      inputs: inputs({ ...signal, volume: averageDailyVolume }),
      result: resultOf(signal.strategyId, signal.conditions, signal),
    },
    {
      inputs: inputs({ symbol, barsDigest: bars, volume }),
      result: resultOf(rule.id, conditions, draft),
    },
    sources.digest,
  );
};

type Parts = { readonly inputs: object[]; readonly result: object[] };

/** Adds one symbol without a signal to both sides; a text says why it cannot be judged again. */
const missedAgain = async (
  rule: StrategyDefinition,
  { symbol, failed, judged }: ScanCompleted['none'][number] & { readonly judged: Judged },
  sources: SignalSources,
): Promise<string | { readonly recorded: Finding; readonly recomputed: Finding }> => {
  const again = await judgeAgain(rule, judged, sources);
  if (typeof again === 'string') return again;
  const unmet = again.conditions.filter(({ met }) => !met);
  return {
    recorded: {
      inputs: { symbol, barsDigest: again.named, volume: volumeText(judged.averageDailyVolume) },
      result: { symbol, signal: false, failed: failed.map(({ name }) => name) },
    },
    recomputed: {
      inputs: { symbol: again.symbol, barsDigest: again.bars, volume: volumeText(again.volume) },
      result: {
        symbol: again.symbol,
        signal: again.draft !== null,
        failed: unmet.map(({ name }) => name),
      },
    },
  };
};

const scanAgain = async (scan: ScanCompleted, sources: SignalSources): Promise<FindingAgain> => {
  const { policyVersion, strategyId, none, signals } = scan;
  if (policyVersion === null) return notAgain(olderThanRules);
  const rule = await ruleOf({ strategyId, policyVersion }, sources);
  if (typeof rule === 'string') return notAgain(rule);
  const recorded: Parts = { inputs: [], result: [{ strategyId }] };
  const recomputed: Parts = { inputs: [], result: [{ strategyId: rule.id }] };
  for (const { judged, ...missed } of none) {
    // What could not be judged then has nothing that it could be judged by now.
    if (judged === null) continue;
    const again = await missedAgain(rule, { ...missed, judged }, sources);
    if (typeof again === 'string') return notAgain(again);
    recorded.inputs.push(again.recorded.inputs);
    recorded.result.push(again.recorded.result);
    recomputed.inputs.push(again.recomputed.inputs);
    recomputed.result.push(again.recomputed.result);
  }
  for (const signalId of signals) {
    const stored = await findingEvent(sources, signalId);
    if (stored === undefined) return notAgain(`the signal ${signalId} is not in the index`);
    const again = await reExecuteSignal(decodeEvent(signalEvents, stored), sources);
    if (again.result === 'not_re_executable') return again;
    recorded.inputs.push({ signalId, digest: again.recorded.inputs });
    recorded.result.push({ signalId, digest: again.recorded.result });
    recomputed.inputs.push({ signalId, digest: again.recomputed.inputs });
    recomputed.result.push({ signalId, digest: again.recomputed.result });
  }
  return compareFindings(recorded, recomputed, sources.digest);
};

/**
 * Makes a recorded signal again: the same version of the strategy's rule over the bars, the
 * classification and the volume that it rests on. A scan is made again symbol by symbol.
 */
export const reExecuteSignal = (
  event: SignalEvent,
  sources: SignalSources,
): Promise<FindingAgain> =>
  event.type === 'SignalFound' ? signalAgain(event.data, sources) : scanAgain(event.data, sources);
