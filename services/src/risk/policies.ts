import { type CheckCode, checkCodes } from '@sentinel/contracts/risk';

/**
 * A policy is which checks are made, in order of precedence, over which inputs. One that decided an
 * order never changes: an old decision is made again by the policy that made it.
 */
export type Policy = {
  readonly version: string;
  readonly codes: readonly CheckCode[];
  /** Whether the limit prices of working orders go in. */
  readonly seesLimitPrices: boolean;
};

const sinceRisk2: readonly CheckCode[] = ['MAX_ORDER_VALUE', 'MAX_ORDER_VOLUME', 'SELF_MATCH'];

const risk1: Policy = {
  version: 'risk-1',
  codes: checkCodes.filter((code) => !sinceRisk2.includes(code)),
  seesLimitPrices: false,
};

/** What decides today. */
export const currentPolicy: Policy = {
  version: 'risk-2',
  codes: checkCodes,
  seesLimitPrices: true,
};

/** Undefined for a policy of a newer Sentinel. */
export const policyOf = (version: string): Policy | undefined =>
  [risk1, currentPolicy].find((policy) => policy.version === version);
