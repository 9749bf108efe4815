import {
  decodeEvent,
  EventStoreCorrupt,
  quantity,
  type RecordedEvent,
} from '@sentinel/contracts/kernel';
import { regimeEvents } from '@sentinel/contracts/regime';
import type { Judged } from '@sentinel/contracts/strategy';
import type { LocatePlace } from '../kernel/index.ts';
import { dailyFigures } from '../market/index.ts';
import { evaluateStrategy, type StrategyDefinition } from '../strategy/index.ts';
import { barsOfEvidence, type FindingSources } from './finding-again.ts';

/** What is needed to put a strategy to the same again. */
export type SignalSources = FindingSources & {
  /** Where a classification or a signal stands, by its id. */
  readonly locate: LocatePlace;
};

/** The event that an id names; undefined when the index knows none. */
export const findingEvent = async (
  { eventStore, locate }: Pick<SignalSources, 'eventStore' | 'locate'>,
  id: string,
): Promise<RecordedEvent | undefined> => {
  const place = await locate(id);
  if (place === undefined) return undefined;
  const { stream, version: from } = place;
  const [recorded] = await eventStore.readStream(stream, { from, maxCount: 1 });
  if (recorded === undefined) throw new EventStoreCorrupt(`${stream} has no version ${from}`);
  return recorded;
};

export type Volume = Judged['averageDailyVolume'];
/** A volume as plain JSON. */
export const volumeText = (volume: Volume) =>
  volume === null ? null : { value: quantity.format(volume.value), barsDigest: volume.barsDigest };

/** The average volume of the bars that a finding names; a text says why there is none. */
const volumeAgain = async (sources: SignalSources, named: Volume): Promise<Volume | string> => {
  if (named === null) return null;
  const daily = await barsOfEvidence(sources, named.barsDigest);
  if (daily === undefined) return `the bars ${named.barsDigest} were never recorded`;
  const value = dailyFigures(daily.bars).averageDailyVolume;
  return value === null ? null : { value, barsDigest: daily.digest };
};

/** A strategy put once more to what it was put to; a text says why it cannot be. */
export const judgeAgain = async (
  rule: StrategyDefinition,
  judged: Judged,
  sources: SignalSources,
) => {
  const { regimeEventId, averageDailyVolume: named } = judged;
  const stored = await findingEvent(sources, regimeEventId);
  if (stored === undefined) return `the classification ${regimeEventId} is not in the index`;
  const regime = decodeEvent(regimeEvents, stored).data;
  const evidence = await barsOfEvidence(sources, regime.barsDigest);
  if (evidence === undefined) return `the bars ${regime.barsDigest} were never recorded`;
  const volume = await volumeAgain(sources, named);
  if (typeof volume === 'string') return volume;
  const { bars, digest } = evidence;
  const { conditions, draft } = evaluateStrategy(rule, {
    bars,
    classification: regime.classification,
    averageDailyVolume: volume?.value ?? null,
  });
  return { symbol: bars.symbol, bars: digest, named: regime.barsDigest, volume, conditions, draft };
};
