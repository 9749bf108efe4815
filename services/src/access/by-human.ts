import type { Approver } from '@sentinel/contracts/approval';
import { type Outcome, refused } from '@sentinel/contracts/kernel';

/** In order of precedence. */
export const accessRefusals = [
  'NOT_A_HUMAN',
  'UNKNOWN_GRANT',
  'UNKNOWN_KEY',
  'UNKNOWN_PASSKEY',
  'LAST_PASSKEY',
  'ALREADY_REVOKED',
  'ACCESS_CHANGED',
  'INVALID_TERMS',
] as const;
export type AccessRefusal = (typeof accessRefusals)[number];

/** Kinds of principals that stand for a human who was identified: a person, or a key read at the machine. */
const ofHumans = /^(?:human|operator-key):./s;

/** Why somebody may not say who comes in: no agent, no workflow and nobody by a mere name. */
export const notByHuman = (
  by: Approver,
): Extract<Outcome<never, AccessRefusal>, { ok: false }> | undefined =>
  ofHumans.test(by.principal)
    ? undefined
    : refused(
        'NOT_A_HUMAN',
        `${by.principal} is no human who was identified.`,
        'A human does this at the desk.',
      );
