import type { CheckCode } from '@sentinel/contracts/risk';
import { authorised } from '../checks/authorised.ts';
import type { Check } from '../checks/check.ts';
import { viewsAndCounts } from '../checks/halts.ts';
import type { Policy } from '../policy.ts';
import { risk7 } from './risk-7.ts';

const { KILL_STATE, ...others } = risk7.checks as Readonly<
  Record<Exclude<CheckCode, 'AUTHORISED'>, Check>
>;

/**
 * What decides since decision record 55: as before, and what a client's grant allows is asked of each of its
 * orders; since record 52 nothing new is opened while orders are not counted either. A code without a check
 * does not compile.
 */
export const risk8: Policy = {
  ...risk7,
  version: 'risk-8',
  checks: {
    KILL_STATE,
    AUTHORISED: authorised,
    ...others,
    VIEWS_CURRENT: viewsAndCounts,
  } satisfies Readonly<Record<CheckCode, Check>>,
  sees: { ...risk7.sees, grants: true },
};
