import type { Money } from '@sentinel/contracts/kernel';
import type {
  AssessedAccount,
  CheckCode,
  LimitsDocument,
  OrderIntent,
  RiskCheck,
  RiskFacts,
} from '@sentinel/contracts/risk';
import type { Check, CheckInput, Finding } from './checks/check.ts';
import { currentPolicy } from './policies.ts';
import type { Policy } from './policy.ts';

declare const seal: unique symbol;

/**
 * Leave to submit one order. Only an assessment that passed makes one: the seal is not exported, so
 * no other module can build the type, and an order event cannot be built without it.
 */
export type Approval = {
  readonly [seal]: true;
  readonly intent: OrderIntent;
  /** True when the order can only shrink a position. */
  readonly reducing: boolean;
  /** Cash to set aside in the same append. */
  readonly reservedCash: Money;
};

/** What an assessment is made from. */
export type AssessmentInputs = {
  readonly intent: OrderIntent;
  readonly facts: RiskFacts;
  readonly limits: LimitsDocument;
  readonly account: AssessedAccount;
};

export type Assessment = {
  /** By which it was made. */
  readonly policy: Policy;
  readonly reducing: boolean;
  readonly checks: readonly RiskCheck[];
  readonly verdict:
    | { readonly outcome: 'APPROVED'; readonly approval: Approval }
    | { readonly outcome: 'APPROVAL_REQUIRED' }
    | { readonly outcome: 'DENIED'; readonly code: CheckCode; readonly message: string };
};

/**
 * Judges an order by the functions of a policy and no others. A pure function of what is recorded: the
 * same intent, facts, limits and account give the same assessment on any machine in any year, which is
 * what makes a decision provable.
 */
export const assess = (
  { intent, facts, limits, account: recorded }: AssessmentInputs,
  policy: Policy = currentPolicy,
): Assessment => {
  const { isReducing, exposureOf, addedExposure, cashToReserve, withCollar } = policy.rules;
  const account = policy.rules.accountSeen(recorded);
  const reducing = isReducing(intent, account);
  const input: CheckInput = {
    intent,
    facts,
    limits: limits.limits,
    account,
    reducing,
    exposure: exposureOf(account, facts),
    added: addedExposure({ intent, facts, limits: limits.limits }),
  };
  const checks = Object.entries(policy.checks) as [CheckCode, Check][];
  const results = checks.map(([code, check]) => judge(code, check, input));
  const blocking = results.find(
    ({ hard, status }) => hard && (status === 'FAIL' || status === 'SKIPPED'),
  );
  if (blocking !== undefined) {
    return {
      policy,
      reducing,
      checks: results,
      verdict: { outcome: 'DENIED', code: blocking.code, message: blocking.message },
    };
  }
  if (results.some(({ status }) => status === 'NEEDS_HUMAN'))
    return { policy, reducing, checks: results, verdict: { outcome: 'APPROVAL_REQUIRED' } };
  const reservedCash = cashToReserve(intent, input);
  if (reservedCash === null)
    throw new Error('an order that cannot be priced has passed: STALE_DATA must block it');
  return {
    policy,
    reducing,
    checks: results,
    verdict: {
      outcome: 'APPROVED',
      approval: { intent: withCollar(intent, input), reducing, reservedCash } as Approval,
    },
  };
};

const judge = (code: CheckCode, check: Check, input: CheckInput): RiskCheck => {
  const finding: Finding =
    input.reducing && !check.judgesReducing
      ? { kind: 'not_applicable', message: 'The order can only shrink a position.' }
      : check.find(input);
  const common = { code, hard: check.hard, unit: check.unit, message: finding.message };
  switch (finding.kind) {
    case 'measured':
      return {
        ...common,
        status: finding.passes ? 'PASS' : 'FAIL',
        value: finding.value,
        limit: finding.limit,
        unit: finding.unit ?? check.unit,
      };
    case 'needs_human':
      return { ...common, status: 'NEEDS_HUMAN', value: finding.value, limit: finding.limit };
    case 'skipped':
      return { ...common, status: 'SKIPPED', value: null, limit: finding.limit };
    case 'not_applicable':
      return { ...common, status: 'NOT_APPLICABLE', value: null, limit: null };
  }
};
