import {
  canonicalJson,
  type Digest,
  type EventId,
  type EventStore,
  type Sha256,
} from '@sentinel/contracts/kernel';
import { type BarSeries, fromBarWindow } from '@sentinel/contracts/market';
import { digestOfBars, findEvidence } from '../market/index.ts';
import { type Difference, differencesBetween } from './differences.ts';

/** A classification, a signal or a scan made again from its evidence. */
export type FindingAgain =
  | {
      readonly result: 'equal' | 'different';
      readonly recorded: FindingDigests;
      readonly recomputed: FindingDigests;
      readonly differences: readonly Difference[];
    }
  | { readonly result: 'not_re_executable'; readonly reason: string };

/** Of what went in and of what came out, the sentences left out. */
export type FindingDigests = { readonly inputs: Sha256; readonly result: Sha256 };

/** What a finding was made from and what it said, as plain JSON. */
export type Finding = { readonly inputs: object; readonly result: object };

/** What is needed to make a finding again. */
export type FindingSources = { readonly eventStore: EventStore; readonly digest: Digest };

export const notAgain = (reason: string): FindingAgain => ({
  result: 'not_re_executable',
  reason: `Not re-executable: ${reason}.`,
});

/** Digest for digest, and member by member. */
export const compareFindings = (
  recorded: Finding,
  recomputed: Finding,
  digest: Digest,
): FindingAgain => {
  const digestsOf = ({ inputs, result }: Finding): FindingDigests => ({
    inputs: digest(canonicalJson(inputs)),
    result: digest(canonicalJson(result)),
  });
  const differences = differencesBetween(recorded, recomputed);
  const digests = { recorded: digestsOf(recorded), recomputed: digestsOf(recomputed) };
  const same =
    digests.recorded.inputs === digests.recomputed.inputs &&
    digests.recorded.result === digests.recomputed.result;
  return {
    result: same && differences.length === 0 ? 'equal' : 'different',
    ...digests,
    differences,
  };
};

export type BarsFound = {
  readonly bars: BarSeries;
  readonly digest: Sha256;
  readonly eventId: EventId;
};

/** Bars that an event names, with the digest that they have; undefined when they were never recorded. */
export const barsOfEvidence = async (
  { eventStore, digest }: FindingSources,
  named: Sha256,
): Promise<BarsFound | undefined> => {
  const found = await findEvidence(eventStore, named);
  if (found === undefined) return undefined;
  const bars = fromBarWindow(found.content);
  return { bars, digest: digestOfBars(bars, digest), eventId: found.eventId };
};
