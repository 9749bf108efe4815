import type { Digest, Sha256 } from '@sentinel/contracts/kernel';
import type { RiskAssessed, RiskCheck } from '@sentinel/contracts/risk';
import { assessedAccount, type Session } from '../execution/index.ts';
import {
  type Assessment,
  assess,
  currentPolicy,
  digestInputs,
  digestResult,
  policyOf,
  withoutProse,
} from '../risk/index.ts';
import { type Difference, differencesBetween } from './differences.ts';

export type ReExecution = {
  readonly result: 'equal' | 'different';
  readonly inputsDigest: Sha256;
  readonly resultDigest: Sha256;
  /** Where the decision made again differs from the one recorded; empty when they are equal. */
  readonly differences: readonly Difference[];
};

/**
 * The assessment with the sentences that were recorded. Where a policy's digest covers them, both
 * digests then mean the same: they are equal when the record is whole and only words have changed since.
 */
const inRecordedWords = (assessment: Assessment, recorded: readonly RiskCheck[]): Assessment => {
  const words = new Map(recorded.map(({ code, message }) => [code, message]));
  return {
    ...assessment,
    checks: assessment.checks.map((check) => ({
      ...check,
      message: words.get(check.code) ?? check.message,
    })),
  };
};

/**
 * Makes a recorded decision again: the same policy over the recorded intent and facts, with limits
 * and account as the session stood just before it. Equal means digest for digest, and member by member
 * in everything but the sentences of the checks.
 */
export const reExecute = (recorded: RiskAssessed, before: Session, digest: Digest): ReExecution => {
  const { intent, facts, replaces } = recorded;
  const account = assessedAccount(before, { intent, replaces, facts });
  const inputs = { intent, facts, limits: before.limits, account };
  const policy = policyOf(recorded.policyVersion) ?? currentPolicy;
  const assessment = assess(inputs, policy);
  const inputsDigest = digestInputs(inputs, digest, policy);
  const resultDigest = digestResult(inRecordedWords(assessment, recorded.checks), digest);
  const again = {
    limitsVersion: inputs.limits.version,
    policyVersion: policy.version,
    reducing: assessment.reducing,
    outcome: assessment.verdict.outcome,
    denialCode: assessment.verdict.outcome === 'DENIED' ? assessment.verdict.code : null,
    checks: assessment.checks.map(withoutProse),
    inputsDigest,
    resultDigest,
  };
  const told = { ...recorded, checks: recorded.checks.map(withoutProse) };
  const differences = differencesBetween(pick(told, again), again);
  return {
    result: differences.length === 0 ? 'equal' : 'different',
    inputsDigest,
    resultDigest,
    differences,
  };
};

const pick = <Keys extends object>(from: object, like: Keys): object =>
  Object.fromEntries(Object.keys(like).map((key) => [key, (from as Record<string, unknown>)[key]]));
