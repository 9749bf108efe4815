import type { CheckCode } from '@sentinel/contracts/risk';
import type { Check } from '../checks/check.ts';
import { committeeOrHuman } from '../checks/committee.ts';
import { viewsAndCounts } from '../checks/halts.ts';
import { humanApproval } from '../checks/human.ts';
import type { Policy } from '../policy.ts';
import { risk6 } from './risk-6.ts';

/**
 * What decides since decision record 41: as before, and what the committee leaves to a human is left to
 * one; since record 52 nothing new is opened while orders are not counted either. A code without a check does not compile.
 */
export const risk7: Policy = {
  ...risk6,
  version: 'risk-7',
  checks: {
    ...(risk6.checks as Readonly<Record<Exclude<CheckCode, 'HUMAN_APPROVAL'>, Check>>),
    VIEWS_CURRENT: viewsAndCounts,
    COMMITTEE: committeeOrHuman,
    HUMAN_APPROVAL: humanApproval,
  } satisfies Readonly<Record<CheckCode, Check>>,
};
