import type { RiskCheck } from '@sentinel/contracts/risk';

const share = ({ value, limit }: RiskCheck): number => {
  const [measured, most] = [Number(value ?? Number.NaN), Number(limit ?? Number.NaN)];
  return most > 0 && measured > 0 ? measured / most : 0;
};

/** The checks worth telling: all that did not pass, and of those that did the `nearest` to their limits. */
export const tellingChecks = (
  checks: readonly RiskCheck[],
  nearest: number,
): readonly RiskCheck[] => {
  const failed = checks.filter(({ status }) => status !== 'PASS' && status !== 'NOT_APPLICABLE');
  const near = checks
    .filter((check) => check.status === 'PASS' && share(check) > 0)
    .sort((a, b) => share(b) - share(a))
    .slice(0, nearest);
  return [...failed, ...near];
};
