import type { OutputOf } from '@sentinel/contracts';
import type { AssessmentVerdict } from '@sentinel/contracts/audit';

type Report = OutputOf<'AssessSelf'>;
type Measured = Omit<Report, 'verdicts'>;

/** Below so many nothing is said of a mean or of a share. */
const leastSample = 20;
/** What the check SLIPPAGE warns at. */
const mostSlippageBps = 10;

const judged = (
  of: Pick<AssessmentVerdict, 'area' | 'sample' | 'says'>,
  isInOrder: boolean,
  least = leastSample,
): AssessmentVerdict => {
  const { area, sample, says } = of;
  if (sample >= least)
    return { area, sample, least_sample: least, verdict: isInOrder ? 'in_order' : 'look', says };
  const tooFew = `${sample} of at least ${least}: too few to say.`;
  return { area, sample, least_sample: least, verdict: 'insufficient', says: tooFew };
};

const ofSlippage = ({ slippage: { measured: sample, mean_bps: mean } }: Measured) =>
  judged(
    {
      ...{ area: 'slippage', sample },
      says: `Fills were ${mean ?? 0} bps worse than their signals on average; ${mostSlippageBps} is the most.`,
    },
    (mean ?? 0) <= mostSlippageBps,
  );

const ofRegime = ({ regime }: Measured) => {
  const calls = regime.filter(({ as_called: held }) => held !== null);
  const sample = calls.reduce((sum, { followed }) => sum + followed, 0);
  const held = calls.reduce((sum, { as_called: right }) => sum + (right ?? 0), 0);
  return judged(
    { area: 'regime', sample, says: `${held} of ${sample} calls went as they were called.` },
    held * 2 > sample,
  );
};

const ofDrift = ({ stops, slippage }: Measured) => {
  const suspended = stops.suspended_for_drift;
  const sample = Math.max(slippage.measured, suspended);
  const says = `${suspended} strategies were suspended for drift among ${sample} filled orders after signals.`;
  // One suspension is reason enough to look, whatever else there is.
  const least = suspended > 0 ? 1 : leastSample;
  return judged({ area: 'drift', sample, says }, suspended === 0, least);
};

const ofGaps = ({ gaps, events_count: sample }: Measured) => {
  const found = Object.values(gaps).reduce((sum, count) => sum + count, 0);
  const says = `${found} gaps without an explanation among ${sample} events.`;
  return judged({ area: 'gaps', sample, says }, found === 0, 1);
};

const ofApprovals = ({ approvals: { signed: sample, proved } }: Measured) => {
  const says = `${proved} of ${sample} approvals by passkey are proved by their signatures.`;
  // One that is not signed as it says is reason enough to look.
  return judged({ area: 'approvals', sample, says }, proved === sample, 1);
};

const ofReading = ({ unread, events_count: sample }: Measured) => {
  const says =
    unread.length === 0
      ? 'Everything was read.'
      : `${unread.length} kinds of things were not read.`;
  return judged({ area: 'reading', sample, says }, unread.length === 0, 1);
};

/**
 * What may be said of each area by its sample. Where something was not read nothing is in order, since
 * what was not read may be what is not.
 */
export const verdictsOf = (measured: Measured): readonly AssessmentVerdict[] =>
  [ofSlippage, ofRegime, ofDrift, ofGaps, ofApprovals, ofReading].map((verdict) => {
    const said = verdict(measured);
    if (measured.unread.length === 0 || said.verdict !== 'in_order') return said;
    return { ...said, verdict: 'look', says: `${said.says} Not everything was read.` };
  });
