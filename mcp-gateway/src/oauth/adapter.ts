import type { AccessRecord, AccessStore } from '@sentinel/contracts/access';
import { sha256 } from '@sentinel/infra/runtime';
import { type Adapter, type AdapterPayload, errors } from 'oidc-provider';

/** What is given by leave of a human, and goes when that leave is found to be stolen. */
const ofFamilies = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);
/** Of these the name is itself the secret, and so it stands nowhere in what is kept. */
const named = 'jti';
/** A registration that no human gave leave to goes after a day. */
const unusedClientSeconds = 86_400;

/** Without the name: a session that is found by its second one is only asked whose it is. */
const payloadOf = (payload: AdapterPayload): AccessRecord['payload'] => {
  const { [named]: _, ...kept } = payload;
  return JSON.parse(JSON.stringify(kept));
};

/** What oidc-provider remembers, in the access store, under digests of the names by which it is shown. */
export const oidcAdapter =
  (store: AccessStore) =>
  (name: string): Adapter => {
    const idOf = (id: string) => sha256(`${name}:${id}`);

    const shown = (found: Awaited<ReturnType<AccessStore['find']>>, jti?: string) => {
      if (found === undefined) return undefined;
      const consumed =
        found.consumedAt === null
          ? {}
          : { consumed: Math.floor(found.consumedAt.epochMilliseconds / 1000) };
      const payload = found.payload as AdapterPayload;
      return { ...payload, ...(jti !== undefined && name !== 'Client' && { jti }), ...consumed };
    };

    return {
      upsert: async (id, payload, expiresIn) => {
        const ttlSeconds =
          expiresIn === undefined || Number.isNaN(expiresIn)
            ? name === 'Client'
              ? unusedClientSeconds
              : null
            : Math.max(1, expiresIn);
        await store.put({
          ...{ kind: name, id: idOf(id), payload: payloadOf(payload), ttlSeconds },
          family: (ofFamilies.has(name) && payload.grantId) || null,
          alias: payload.uid === undefined ? null : sha256(payload.uid),
        });
      },
      find: async (id) => shown(await store.find(name, idOf(id)), id),
      findByUid: async (uid) => shown(await store.findByAlias(name, sha256(uid))),
      // The device flow is not offered.
      findByUserCode: async () => undefined,
      consume: async (id) => {
        // Two gateways may be shown the same code at the same moment: one of them used it up.
        if (!(await store.consume(name, idOf(id))))
          throw new errors.InvalidGrant('it was used already');
      },
      destroy: (id) => store.remove(name, idOf(id)),
      revokeByGrantId: (grantId) => store.removeFamily(grantId),
    };
  };

/** Keeps a registration for as long as it may be used: a human gave it leave. */
export const keepClient = async (store: AccessStore, clientId: string): Promise<void> => {
  const id = sha256(`Client:${clientId}`);
  const found = await store.find('Client', id);
  if (found === undefined) return;
  const { kind, payload } = found;
  await store.put({ kind, id, payload, ttlSeconds: null, family: null, alias: null });
};
