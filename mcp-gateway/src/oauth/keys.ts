import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { AccessStore } from '@sentinel/contracts/access';
import type { Json } from '@sentinel/contracts/kernel';
import type { JWK } from 'oidc-provider';
import { z } from 'zod';
import { newSecret } from '../log-in/index.ts';

const kind = 'OAuthKeys';
/** A new key signs after so long; the one before it still verifies as long again. */
const turnsAfter = Temporal.Duration.from({ hours: 24 * 90 });

const keySchema = z.strictObject({
  madeAt: z.iso.datetime(),
  cookieSecret: z.string(),
  signing: z.record(z.string(), z.json()),
});
const keysSchema = z.array(keySchema).min(1).max(2);

const newKey = (at: Temporal.Instant): z.output<typeof keySchema> => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signing = {
    ...privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    alg: 'ES256',
    use: 'sig',
  };
  return keySchema.parse({ madeAt: at.toString(), cookieSecret: newSecret(), signing });
};

const isOld = ({ madeAt }: z.output<typeof keySchema>, at: Temporal.Instant): boolean =>
  Temporal.Instant.compare(Temporal.Instant.from(madeAt).add(turnsAfter), at) < 0;

/**
 * By what the authorization server signs, newest first: kept in the database, so that all gateways have the
 * same and a restart forgets none. They turn at a start; of two gateways that start at once one makes them.
 */
export const oauthKeys = async (
  store: AccessStore,
  now: () => Temporal.Instant,
): Promise<{ readonly jwks: readonly JWK[]; readonly cookieSecrets: readonly string[] }> => {
  const at = now();
  const recordOf = (keys: z.output<typeof keysSchema>, id: string) => ({
    ...{ kind, id, payload: keys as Json, ttlSeconds: null, family: null, alias: null },
  });
  const read = async () => keysSchema.parse((await store.find(kind, 'all'))?.payload);
  await store.add(recordOf([newKey(at)], 'all'));
  const [newest] = await read();
  // The turn has a name of its own: of several that start at once, whoever adds it first makes the key.
  if (newest !== undefined && isOld(newest, at)) {
    if (await store.add(recordOf([newest], `turn from ${newest.madeAt}`)))
      await store.put(recordOf([newKey(at), newest], 'all'));
  }
  const keys = await read();
  return {
    jwks: keys.map(({ signing }) => signing as JWK),
    cookieSecrets: keys.map(({ cookieSecret }) => cookieSecret),
  };
};
