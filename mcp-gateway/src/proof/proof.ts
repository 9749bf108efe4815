import type { PasskeyProof } from '@sentinel/contracts/approval';
import { sha256 } from '@sentinel/infra/runtime';

/** What a yes is to. */
export type Approved = { readonly requestId: string; readonly requestDigest: string };

/** Of what a signature for anything else never begins, a log-in's among them. */
const domain = 'sentinel approval 1';

/**
 * The challenge that a passkey signs for a yes, 32 bytes in base64url: the SHA-256 of three lines, which are what
 * it is for, the request's id and the request's digest.
 */
export const approvalChallenge = ({ requestId, requestDigest }: Approved): string =>
  Buffer.from(sha256(`${domain}\n${requestId}\n${requestDigest}`), 'hex').toString('base64url');

/** The passkey that is to have signed, and the page on which it did. */
export type Signer = {
  readonly credentialId: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** Such as `https://sentinel.example`. */
  readonly origin: string;
};

/**
 * Whether this passkey signed exactly this yes, on a page of this origin and with its human verified. It needs
 * no server, no store and no clock.
 */
export const isProved = async (
  approved: Approved,
  proof: PasskeyProof,
  { credentialId, publicKey, origin }: Signer,
): Promise<boolean> => {
  const { authenticatorData, clientDataJSON, signature } = proof;
  if (proof.credentialId !== credentialId) return false;
  // Loaded with the first signature: 30 MB that a start without one does not need.
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  try {
    const { verified } = await verifyAuthenticationResponse({
      response: {
        ...({ id: credentialId, rawId: credentialId, type: 'public-key' } as const),
        response: { authenticatorData, clientDataJSON, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: approvalChallenge(approved),
      ...{ expectedOrigin: origin, expectedRPID: new URL(origin).hostname },
      requireUserVerification: true,
      // That a request is answered once keeps a signature from being used again, not a count.
      credential: {
        ...{ id: credentialId, counter: 0 },
        publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
      },
    });
    return verified;
  } catch {
    // The library throws a sentence of what does not fit; any of them is no proof.
    return false;
  }
};
