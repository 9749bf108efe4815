import { risk1 } from './policies/risk-1.ts';
import { risk2 } from './policies/risk-2.ts';
import { risk3 } from './policies/risk-3.ts';
import { risk4 } from './policies/risk-4.ts';
import { risk5 } from './policies/risk-5.ts';
import { risk6 } from './policies/risk-6.ts';
import { risk7 } from './policies/risk-7.ts';
import { risk8 } from './policies/risk-8.ts';
import type { Policy } from './policy.ts';

/** Every policy that ever decided, oldest first. */
export const policies: readonly Policy[] = [risk1, risk2, risk3, risk4, risk5, risk6, risk7, risk8];

/** What decides today. */
export const currentPolicy: Policy = risk8;

/** Undefined for a policy of a newer Sentinel. */
export const policyOf = (version: string): Policy | undefined =>
  policies.find((policy) => policy.version === version);
