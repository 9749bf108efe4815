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
  /** Whether it goes in how often the strategy has traded. */
  readonly seesExecutions: boolean;
};

const sinceRisk2: readonly CheckCode[] = ['MAX_ORDER_VALUE', 'MAX_ORDER_VOLUME', 'SELF_MATCH'];

const sinceRisk3: readonly CheckCode[] = [
  'RESTRICTED',
  'REGULATORY_PRE_ORDER',
  'POSITION_SIDE',
  'EXIT_ORDERS',
  'PRICE_COLLAR',
  'REPEATED_EXECUTION',
  'COMMITTEE',
];
const withoutThose = (codes: readonly CheckCode[], later: readonly CheckCode[]) =>
  codes.filter((code) => !later.includes(code));

const risk2: Policy = {
  version: 'risk-2',
  codes: withoutThose(checkCodes, sinceRisk3),
  seesLimitPrices: true,
  seesExecutions: false,
};

const risk1: Policy = {
  version: 'risk-1',
  codes: withoutThose(risk2.codes, sinceRisk2),
  seesLimitPrices: false,
  seesExecutions: false,
};

/** What decides today. */
export const currentPolicy: Policy = {
  version: 'risk-3',
  codes: checkCodes,
  seesLimitPrices: true,
  seesExecutions: true,
};

/** Undefined for a policy of a newer Sentinel. */
export const policyOf = (version: string): Policy | undefined =>
  [risk1, risk2, currentPolicy].find((policy) => policy.version === version);
