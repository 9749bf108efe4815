import type { EventOf, Sha256 } from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import type { Classification, regimeEvents } from '@sentinel/contracts/regime';
import { classify, regimePolicyOf } from '../regime/index.ts';
import {
  barsOfEvidence,
  compareFindings,
  type Finding,
  type FindingAgain,
  type FindingSources,
  notAgain,
} from './finding-again.ts';

export type RegimeClassified = EventOf<typeof regimeEvents>['data'];

/** Which bars went in, by the digest that they have. */
type Seen = {
  readonly bars: Sha256;
  readonly context: Sha256 | null;
};

const findingOf = (
  { symbol, timeframe, withModel, policyVersion }: RegimeClassified,
  seen: Seen,
  { reasoning: _, ...classification }: Classification,
): Finding => ({
  inputs: {
    ...{ symbol, timeframe, withModel, policyVersion },
    barsDigest: seen.bars,
    contextBarsDigest: seen.context,
    minutesSinceOpen: classification.metrics.minutesSinceOpen,
  },
  result: classification,
});

/**
 * Makes a recorded classification again: the same policy over the bars that it names, which are
 * fetched by digest, and the minutes since the opening that it recorded.
 */
export const reExecuteRegime = async (
  recorded: RegimeClassified,
  sources: FindingSources,
): Promise<FindingAgain> => {
  const { policyVersion, barsDigest, contextBarsDigest, withModel, classification } = recorded;
  const policy = regimePolicyOf(policyVersion);
  if (policy === undefined)
    return notAgain(
      `recorded by policy ${policyVersion}, before policies of regimes were kept or by a newer Sentinel`,
    );
  const bars = await barsOfEvidence(sources, barsDigest);
  if (bars === undefined) return notAgain(`the bars ${barsDigest} were never recorded`);
  const context =
    contextBarsDigest === null ? null : await barsOfEvidence(sources, contextBarsDigest);
  if (context === undefined)
    return notAgain(`the bars ${contextBarsDigest} of the whole market were never recorded`);
  const again = classify(
    {
      bars: bars.bars,
      context: context?.bars ?? null,
      minutesSinceOpen: classification.metrics.minutesSinceOpen,
      withModel,
    },
    policy,
  );
  return compareFindings(
    findingOf(recorded, { bars: barsDigest, context: contextBarsDigest }, classification),
    findingOf(
      { ...recorded, ...nameOf(bars.bars), policyVersion: policy.version },
      { bars: bars.digest, context: context?.digest ?? null },
      again,
    ),
    sources.digest,
  );
};

const nameOf = ({ symbol, timeframe }: BarSeries) => ({ symbol, timeframe });
