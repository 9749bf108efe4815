import type { Digest, Sha256 } from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import { assessedAccount, type Session } from '../execution/index.ts';
import { assess, currentPolicy, digestInputs, digestResult, policyOf } from '../risk/index.ts';
import { type Difference, differencesBetween } from './differences.ts';

export type ReExecution = {
  readonly result: 'equal' | 'different';
  readonly inputsDigest: Sha256;
  readonly resultDigest: Sha256;
  /** Where the decision made again differs from the one recorded; empty when they are equal. */
  readonly differences: readonly Difference[];
};

/**
 * Makes a recorded decision again: the same policy over the recorded intent and facts, with limits
 * and account as the session stood just before it. Equal means digest for digest.
 */
export const reExecute = (recorded: RiskAssessed, before: Session, digest: Digest): ReExecution => {
  const { intent, facts, replaces } = recorded;
  const account = assessedAccount(before, { intent, replaces, at: facts.at });
  const inputs = { intent, facts, limits: before.limits, account };
  const policy = policyOf(recorded.policyVersion) ?? currentPolicy;
  const assessment = assess(inputs, policy);
  const inputsDigest = digestInputs(inputs, digest, policy);
  const resultDigest = digestResult(assessment, digest);
  const again = {
    limitsVersion: inputs.limits.version,
    policyVersion: policy.version,
    reducing: assessment.reducing,
    outcome: assessment.verdict.outcome,
    denialCode: assessment.verdict.outcome === 'DENIED' ? assessment.verdict.code : null,
    checks: assessment.checks,
    inputsDigest,
    resultDigest,
  };
  const differences = differencesBetween(pick(recorded, again), again);
  return {
    result: differences.length === 0 ? 'equal' : 'different',
    inputsDigest,
    resultDigest,
    differences,
  };
};

const pick = <Keys extends object>(from: object, like: Keys): object =>
  Object.fromEntries(Object.keys(like).map((key) => [key, (from as Record<string, unknown>)[key]]));
