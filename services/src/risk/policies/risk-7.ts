import type { CheckCode } from '@sentinel/contracts/risk';
import type { Check } from '../checks/check.ts';
import { committeeOrHuman } from '../checks/committee.ts';
import { humanApproval } from '../checks/human.ts';
import type { Policy } from '../policy.ts';
import { risk6 } from './risk-6.ts';

/**
 * Decided from decision record 41 to 55: as before, and what the committee leaves to a human is left to
 * one. It never changes.
 */
export const risk7: Policy = {
  ...risk6,
  version: 'risk-7',
  checks: {
    ...(risk6.checks as Readonly<
      Record<Exclude<CheckCode, 'AUTHORISED' | 'HUMAN_APPROVAL'>, Check>
    >),
    COMMITTEE: committeeOrHuman,
    HUMAN_APPROVAL: humanApproval,
  } satisfies Readonly<Record<Exclude<CheckCode, 'AUTHORISED'>, Check>>,
};
