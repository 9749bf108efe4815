const alphabet = { alphabet: 'base64url' };

/** @param {ArrayBuffer} bytes @returns {string} */
const text = (bytes) => new Uint8Array(bytes).toBase64({ ...alphabet, omitPadding: true });

/**
 * Has a passkey of whoever sits here sign a challenge of ours. What it answers is all in base64url.
 * @param {string} challenge in base64url
 */
export const signedBy = async (challenge) => {
  const publicKey = {
    challenge: Uint8Array.fromBase64(challenge, alphabet),
    userVerification: 'required',
  };
  const { rawId, response } = await navigator.credentials.get({ publicKey });
  return {
    credentialId: text(rawId),
    authenticatorData: text(response.authenticatorData),
    clientDataJSON: text(response.clientDataJSON),
    signature: text(response.signature),
  };
};
