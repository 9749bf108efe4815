import { type AccessStore, AccessStoreUnavailable } from '@sentinel/contracts/access';
import { credentialIdSchema } from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import type { PasskeyCommand, Passkeys } from '@sentinel/services/access';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { newSecret } from './secrets.ts';

const kind = 'PasskeyChallenge';
const counters = 'PasskeyCounter';
const challengeSeconds = 300;

/** Loaded with the first ceremony: 30 MB that a start without one does not need. */
const library = () => import('@simplewebauthn/server');

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

/** The library throws of an answer that proves nothing; an outage stays one. */
const provedBy = <Proof>(verifying: Promise<Proof>): Promise<Proof | undefined> =>
  verifying.catch((error) => {
    if (error instanceof AccessStoreUnavailable) throw error;
    return undefined;
  });

type Made = Omit<Extract<PasskeyCommand, { type: 'RegisterPasskey' }>, 'type' | 'by' | 'at'>;

/** Under which id the log keeps what is known of `human:<name>`. */
export const operatorIdOf = (principal: string): string => principal.slice('human:'.length);

export type Ceremonies = ReturnType<typeof passkeyCeremonies>;

/**
 * How a browser shows a passkey (WebAuthn, level 2). A challenge is used up by the first answer to it, right
 * or wrong; the human is verified by the authenticator each time.
 */
export const passkeyCeremonies = ({
  store,
  base,
}: {
  readonly store: AccessStore;
  readonly base: URL;
}) => {
  const rpID = base.hostname;
  const begin = async (purpose: string): Promise<string> => {
    const challenge = newSecret();
    const record = { kind, payload: purpose, ttlSeconds: challengeSeconds };
    await store.put({ ...record, id: sha256(challenge), family: null, alias: null });
    return challenge;
  };
  /** For `purpose` and once: what is said of a challenge is proved by its place in the store. */
  const isOurs = async (challenge: string, purpose: string): Promise<boolean> => {
    const found = await store.find(kind, sha256(challenge));
    return found?.payload === purpose && (await store.consume(kind, found.id));
  };
  const expected = (purpose: string) => ({
    // The library hands over the challenge as the browser signed it.
    expectedChallenge: (challenge: string) =>
      isOurs(Buffer.from(challenge, 'base64url').toString(), purpose),
    expectedOrigin: base.origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  });

  return {
    registration: async (principal: string) =>
      (await library()).generateRegistrationOptions({
        ...{ rpName: 'Sentinel', rpID, userName: principal.slice('human:'.length) },
        userID: new Uint8Array(Buffer.from(principal)),
        challenge: await begin(`register ${principal}`),
        attestationType: 'none',
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      }),
    /** The passkey that was made; undefined where the answer proves none. */
    registered: async (
      principal: string,
      label: string,
      response: RegistrationResponseJSON,
    ): Promise<Made | undefined> => {
      const { verifyRegistrationResponse } = await library();
      const proof = await provedBy(
        verifyRegistrationResponse({ response, ...expected(`register ${principal}`) }),
      );
      if (!proof?.verified) return undefined;
      const { registrationInfo } = proof;
      const { id, publicKey, counter } = registrationInfo.credential;
      return {
        ...{ operator: principal, label, signCount: counter },
        credentialId: credentialIdSchema.parse(id),
        publicKey: Buffer.from(publicKey).toString('base64url'),
      };
    },
    logIn: async () =>
      (await library()).generateAuthenticationOptions({
        ...{ rpID, userVerification: 'required', challenge: await begin('log in') },
      }),
    /** Who has shown a passkey of theirs; undefined where the answer proves nobody. */
    loggedIn: async (
      passkeys: Passkeys,
      response: AuthenticationResponseJSON,
    ): Promise<string | undefined> => {
      const principal = Buffer.from(response.response.userHandle ?? '', 'base64url').toString();
      if (!/^human:[a-z0-9_.-]{1,40}$/.test(principal)) return undefined;
      const all = await passkeys.of(operatorIdOf(principal));
      const passkey = all.get(credentialIdSchema.parse(response.id));
      if (passkey === undefined) return undefined;
      const { credentialId: id, publicKey, signCount } = passkey;
      const counted = await store.find(counters, id);
      const counter = typeof counted?.payload === 'number' ? counted.payload : signCount;
      const { verifyAuthenticationResponse } = await library();
      const proof = await provedBy(
        verifyAuthenticationResponse({
          ...{ response, ...expected('log in') },
          credential: { id, publicKey: bytes(publicKey), counter },
        }),
      );
      if (!proof?.verified) return undefined;
      const record = { kind: counters, id, ttlSeconds: null, family: null, alias: null };
      await store.put({ ...record, payload: proof.authenticationInfo.newCounter });
      return principal;
    },
  };
};
