import {
  grantIdSchema,
  instantSchema,
  keyIdSchema,
  type ReadStore,
  sha256Schema,
  z,
} from '@sentinel/contracts/kernel';
import { codedRow, projection, readPage } from '../kernel/index.ts';

const secret = {
  prefix: z.string(),
  digest: sha256Schema,
  /** From here on it opens nothing; null for never. */
  until: instantSchema.nullable(),
};

const row = z.strictObject({
  key_id: keyIdSchema,
  label: z.string(),
  grant_id: grantIdSchema,
  ...secret,
  /** The secret before the last rotation, where it still opens for a while. */
  previous: z.strictObject(secret).nullable(),
  standing: z.enum(['in_force', 'revoked']),
  issued_at: instantSchema,
  changed_at: instantSchema,
});
export type KeyRow = z.output<typeof row>;

/** One row for each key that was ever issued. No key stands here, only what one is known by. */
export const keys = projection({
  view: 'api_keys',
  version: 1,
  row: codedRow(row),
  types: ['KeyIssued', 'KeyRotated', 'KeyRevoked'],
  keys: ({ event }) => [event.data.keyId],
  evolve: (before, { event }) => {
    const { type, data } = event;
    if (type === 'KeyRevoked')
      return before && { ...before, standing: 'revoked' as const, changed_at: data.at };
    const { keyId, label, grantId, prefix, digest, expiresAt, at } = data;
    const until = type === 'KeyRotated' ? data.previousUntil : null;
    const previous =
      before === undefined || until === null
        ? null
        : { prefix: before.prefix, digest: before.digest, until };
    return {
      ...{ key_id: keyId, label, grant_id: grantId, prefix, digest, until: expiresAt, previous },
      ...{ standing: 'in_force' as const, issued_at: before?.issued_at ?? at, changed_at: at },
    };
  },
  fields: ['prefix', 'previous_prefix'],
  fieldsOf: ({ prefix, previous }) => ({ prefix, previous_prefix: previous?.prefix ?? null }),
});

/** Keys at the most of one list. */
const mostListed = 500;

/** All keys, by id. @throws ViewParked, ReadStoreUnavailable */
export const listKeys = async (readStore: ReadStore): Promise<readonly KeyRow[]> =>
  (await readPage(readStore, keys, { limit: mostListed })).rows;

/**
 * The keys that a shown one may be, by the prefix that it has now or had before it was rotated: whether it is
 * one of them its digest says, and whether it still opens its stream. @throws ViewParked, ReadStoreUnavailable
 */
export const keysByPrefix = async (
  readStore: ReadStore,
  prefix: string,
): Promise<readonly KeyRow[]> => {
  const found = await Promise.all(
    (['prefix', 'previous_prefix'] as const).map((field) =>
      readPage(readStore, keys, { limit: mostListed, where: { [field]: prefix } }),
    ),
  );
  return found.flatMap(({ rows }) => rows);
};
