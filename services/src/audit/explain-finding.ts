import type { OutputOf } from '@sentinel/contracts';
import {
  decodeEvent,
  type EventId,
  price,
  type RecordedEvent,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { MarketSource } from '@sentinel/contracts/market';
import { regimeEvents } from '@sentinel/contracts/regime';
import { signalEvents } from '@sentinel/contracts/strategy';
import { barsOfEvidence, type FindingAgain, type FindingSources } from './finding-again.ts';
import type { SignalSources } from './judge-again.ts';
import { type RegimeClassified, reExecuteRegime } from './re-execute-regime.ts';
import { reExecuteSignal, type SignalEvent } from './re-execute-signal.ts';
import type { Line } from './story-line.ts';

type Explained = Pick<
  OutputOf<'ExplainTrade'>,
  'decision_id' | 'order_id' | 're_executed' | 'evidence' | 'headline' | 'narrative' | 'source'
>;

export type FindingOptions = SignalSources & { readonly codeDigest: Sha256 };

/** What an event says of itself, as far as an explanation needs it. */
type Said = {
  readonly policyVersion: string | null;
  readonly codeDigest: Sha256 | null;
  readonly source: MarketSource | null;
  /** What the bars behind it are called, with their digests. */
  readonly bars: readonly (readonly [fact: string, digest: Sha256])[];
  readonly lines: readonly string[];
};

/** So many symbols of a scan are told one by one. */
const mostTold = 50;

const saidOfRegime = (data: RegimeClassified): Said => {
  const { label, confidence, tradeability, reasoning } = data.classification;
  const { contextBarsDigest: context } = data;
  return {
    ...data,
    bars: [['bars', data.barsDigest], ...(context === null ? [] : [['context', context] as const])],
    lines: [
      `At ${data.at}, the regime of ${data.symbol} on ${data.timeframe} bars was called ${label}, with a confidence of ${confidence.toFixed(2)} and a tradeability of ${tradeability.toFixed(2)}, by policy ${data.policyVersion}.`,
      ...reasoning,
    ],
  };
};

const saidOfSignal = (event: SignalEvent): Said => {
  if (event.type === 'SignalFound') {
    const { signal, averageDailyVolume: volume, at } = event.data;
    return {
      ...event.data,
      bars: [
        ['bars', signal.barsDigest],
        ...(volume === null ? [] : [['averageDailyVolume', volume.barsDigest] as const]),
      ],
      lines: [
        `At ${at}, ${signal.strategyId} would ${signal.side} ${signal.symbol} at ${price.format(signal.entry)}, stop ${price.format(signal.stop)}, target ${price.format(signal.target)}, with a confidence of ${signal.confidence.toFixed(2)}.`,
        ...signal.conditions.map(({ name, detail }) => `${name}: ${detail}`),
      ],
    };
  }
  const { data } = event;
  const told = data.none.slice(0, mostTold);
  return {
    ...data,
    source: null,
    bars: [],
    lines: [
      `At ${data.at}, ${data.strategyId} found ${data.signals.length} signals and none in ${data.none.length} symbols${data.none.length > mostTold ? `, of which ${mostTold} are told` : ''}.`,
      ...told.map(
        ({ symbol, failed, problem }) =>
          `${symbol}: ${problem ?? failed.map(({ name, detail }) => `${name}: ${detail}`).join(' ')}`,
      ),
    ],
  };
};

const evidenceOf = async (sources: FindingSources, { bars }: Said) => {
  const results: Explained['evidence'] = [];
  for (const [fact, digest] of bars) {
    const found = await barsOfEvidence(sources, digest);
    const count = found?.bars.start.length ?? 0;
    results.push(
      found === undefined
        ? { fact, digest, event_id: null, result: 'missing', detail: 'They were never recorded.' }
        : {
            ...{ fact, digest, event_id: found.eventId },
            result: found.digest === digest ? 'equal' : 'different',
            detail: `${count} bars have the digest ${found.digest.slice(0, 12)}.`,
          },
    );
  }
  return results;
};

const told = (again: FindingAgain, said: Said, codeDigest: Sha256): Explained['re_executed'] => {
  const made = again.result === 'not_re_executable' ? undefined : again;
  return {
    result: again.result,
    recorded_inputs_digest: made?.recorded.inputs ?? null,
    recomputed_inputs_digest: made?.recomputed.inputs ?? null,
    recorded_result_digest: made?.recorded.result ?? null,
    recomputed_result_digest: made?.recomputed.result ?? null,
    same_code: said.codeDigest === codeDigest,
    recorded_code_digest: said.codeDigest,
    policy_version: said.policyVersion,
    limits_version: null,
    differences: [...(made?.differences ?? [])],
  };
};

const saidAndAgain = async (
  recorded: RecordedEvent,
  options: FindingOptions,
): Promise<{ readonly said: Said; readonly again: FindingAgain }> => {
  if (recorded.type === 'RegimeClassified') {
    const { data } = decodeEvent(regimeEvents, recorded);
    return { said: saidOfRegime(data), again: await reExecuteRegime(data, options) };
  }
  const event = decodeEvent(signalEvents, recorded);
  return { said: saidOfSignal(event), again: await reExecuteSignal(event, options) };
};

/** Makes a recorded classification, signal or scan again from its evidence, and tells it. */
export const explainFinding = async (
  recorded: RecordedEvent,
  options: FindingOptions,
): Promise<Explained> => {
  const { said, again } = await saidAndAgain(recorded, options);
  const line = (text: string): Line => ({ text, event_id: recorded.id as EventId });
  const reason = again.result === 'not_re_executable' ? [again.reason] : [];
  return {
    decision_id: recorded.id,
    order_id: null,
    re_executed: told(again, said, options.codeDigest),
    evidence: await evidenceOf(options, said),
    headline: said.lines[0] ?? recorded.type,
    narrative: [...reason, ...said.lines].map(line),
    source: said.source,
  };
};
