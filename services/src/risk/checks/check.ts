import type { Money } from '@sentinel/contracts/kernel';
import type {
  AssessedAccount,
  CheckUnit,
  OrderIntent,
  RiskFacts,
  RiskLimits,
} from '@sentinel/contracts/risk';
import type { Exposure } from '../account.ts';

/** All that a check may look at. Nothing here is fetched: a check is arithmetic. */
export type CheckInput = {
  readonly intent: OrderIntent;
  readonly facts: RiskFacts;
  readonly limits: RiskLimits;
  readonly account: AssessedAccount;
  /** True when the order can only shrink a position. */
  readonly reducing: boolean;
  /** Null when a position has no mark. */
  readonly exposure: Exposure | null;
  /** What the order would add to gross exposure; null when it cannot be priced. */
  readonly added: Money | null;
};

/**
 * What a check found. `skipped` is a missing input; it blocks where the check is hard. `needs_human` blocks
 * nothing, and lets nothing pass without one.
 */
export type Finding =
  | {
      readonly kind: 'measured';
      readonly passes: boolean;
      readonly value: string;
      readonly limit: string;
      readonly message: string;
      /** Where one finding of the check is measured in another unit than the rest. */
      readonly unit?: CheckUnit;
    }
  | {
      readonly kind: 'needs_human';
      readonly value: string;
      readonly limit: string;
      readonly message: string;
    }
  | { readonly kind: 'skipped'; readonly limit: string | null; readonly message: string }
  | { readonly kind: 'not_applicable'; readonly message: string };

export type Check = {
  readonly hard: boolean;
  readonly unit: CheckUnit;
  /** Whether an order that can only shrink a position is judged too, or passes it by. */
  readonly judgesReducing: boolean;
  readonly find: (input: CheckInput) => Finding;
};

export const measured = (
  passes: boolean,
  { value, limit }: { readonly value: string; readonly limit: string },
  message: string,
): Extract<Finding, { kind: 'measured' }> => ({ kind: 'measured', passes, value, limit, message });

export const needsHuman = (
  { value, limit }: { readonly value: string; readonly limit: string },
  message: string,
): Finding => ({ kind: 'needs_human', value, limit, message });

export const skipped = (message: string, limit: string | null = null): Finding => ({
  kind: 'skipped',
  limit,
  message,
});

export const notApplicable = (message: string): Finding => ({ kind: 'not_applicable', message });
