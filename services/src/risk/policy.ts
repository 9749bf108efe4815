import type { Money } from '@sentinel/contracts/kernel';
import type { AssessedAccount, CheckCode, OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import type { Exposure } from './account.ts';
import type { Check, CheckInput } from './checks/check.ts';

/** What is reckoned for all checks at once, and what an approval comes to. */
export type PolicyRules = {
  /** The account as the checks see it. */
  readonly accountSeen: (account: AssessedAccount) => AssessedAccount;
  /** Whether the order can only shrink a position. */
  readonly isReducing: (intent: OrderIntent, account: AssessedAccount) => boolean;
  readonly exposureOf: (account: AssessedAccount, facts: RiskFacts) => Exposure | null;
  readonly addedExposure: (input: Pick<CheckInput, 'intent' | 'facts' | 'limits'>) => Money | null;
  readonly cashToReserve: (
    intent: OrderIntent,
    input: Pick<CheckInput, 'facts' | 'limits' | 'reducing'>,
  ) => Money | null;
  /** The order as it is sent, once it is approved. */
  readonly withCollar: (intent: OrderIntent, input: CheckInput) => OrderIntent;
};

/**
 * A policy is every function that decides. One that decided an order never changes: an old decision is
 * made again by the policy that made it. A changed check or rule is a new function in a new policy;
 * `policies.pinned.json` holds what each says of every case.
 */
export type Policy = {
  readonly version: string;
  /** In order of precedence. */
  readonly checks: Readonly<Partial<Record<CheckCode, Check>>>;
  readonly rules: PolicyRules;
  /** Which members of the account go in, that not every policy knew. */
  readonly sees: {
    readonly limitPrices: boolean;
    readonly executions: boolean;
    readonly venue: boolean;
    /** Closed losses, the exit whose place is taken, and an order of the same terms. */
    readonly terms: boolean;
    /** What stands of closed losses. */
    readonly standing?: boolean;
    /** What orders of the same grant count for. */
    readonly grants?: boolean;
  };
  /** Whether the digest of a result covers the sentences too. */
  readonly digestsProse: boolean;
};
