import type { Approver, PasskeyProof } from '@sentinel/contracts/approval';
import { type Approved, isProved } from '../proof/index.ts';
import type { Sentinel } from '../sentinel.ts';

/** A yes or no as it came in. */
type Given = {
  readonly by: Approver;
  readonly approved: Approved;
  readonly approves: boolean;
  readonly proof: PasskeyProof | undefined;
};

/**
 * The proof that is kept with an answer. Whoever logged in by a passkey says yes by a passkey of theirs, too;
 * anybody else has none to show. 'unproved' where the yes must be refused.
 */
export const keptProof = async (
  { by, approved, approves, proof }: Given,
  at: { readonly house: Sentinel; readonly origin: string | undefined },
): Promise<PasskeyProof | undefined | 'unproved'> => {
  if (!approves || by.identifiedBy !== 'passkey') return undefined;
  if (proof === undefined || at.origin === undefined) return 'unproved';
  const passkeys = await at.house.passkeys.of(by.principal.slice('human:'.length));
  const passkey = passkeys.get(proof.credentialId);
  if (passkey === undefined || passkey.operator !== by.principal) return 'unproved';
  const isGood = await isProved(approved, proof, { ...passkey, origin: at.origin });
  return isGood ? proof : 'unproved';
};
