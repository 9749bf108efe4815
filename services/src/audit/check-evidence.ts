import type { OutputOf } from '@sentinel/contracts';
import {
  type Digest,
  type EventStore,
  price,
  quantity,
  type Sha256,
} from '@sentinel/contracts/kernel';
import { fromBarWindow } from '@sentinel/contracts/market';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { dailyFigures, digestOfBars, findEvidence } from '../market/index.ts';

type EvidenceResult = OutputOf<'ExplainTrade'>['evidence'][number];
type Claim = {
  readonly fact: keyof ReturnType<typeof dailyFigures>;
  readonly digest: Sha256;
  readonly recorded: string;
};

const claimsOf = (facts: RiskFacts): readonly Claim[] => {
  const { averageDailyVolume: volume, averageTrueRange: range } = facts;
  return [
    ...(volume === null
      ? []
      : [
          {
            fact: 'averageDailyVolume' as const,
            digest: volume.barsDigest,
            recorded: quantity.format(volume.value),
          },
        ]),
    ...(range === null
      ? []
      : [
          {
            fact: 'averageTrueRange' as const,
            digest: range.barsDigest,
            recorded: price.format(range.value),
          },
        ]),
  ];
};

/** Fetches the bars that a decision's figures name, checks their digest and reckons them again. */
export const checkEvidence = async (
  { eventStore, digest }: { readonly eventStore: EventStore; readonly digest: Digest },
  facts: RiskFacts,
): Promise<readonly EvidenceResult[]> => {
  const results: EvidenceResult[] = [];
  for (const claim of claimsOf(facts)) {
    const { fact, digest: named, recorded } = claim;
    const found = await findEvidence(eventStore, named);
    if (found === undefined) {
      results.push({
        fact,
        digest: named,
        event_id: null,
        result: 'missing',
        detail: 'The bars were never recorded.',
      });
      continue;
    }
    const bars = fromBarWindow(found.content);
    const figures = dailyFigures(bars);
    const again =
      fact === 'averageDailyVolume'
        ? figures.averageDailyVolume === null
          ? 'none'
          : quantity.format(figures.averageDailyVolume)
        : figures.averageTrueRange === null
          ? 'none'
          : price.format(figures.averageTrueRange);
    const intact = digestOfBars(bars, digest) === named;
    results.push({
      fact,
      digest: named,
      event_id: found.eventId,
      result: intact && again === recorded ? 'equal' : 'different',
      detail: intact
        ? `${bars.start.length} bars give ${again}; recorded was ${recorded}.`
        : 'The bars do not have the digest by which they are named.',
    });
  }
  return results;
};
