import { credentialIdSchema, instantSchema, type ReadStore, z } from '@sentinel/contracts/kernel';
import { codedRow, projection, readPage } from '../kernel/index.ts';

const row = z.strictObject({
  operator: z.string(),
  credential_id: credentialIdSchema,
  public_key: z.string(),
  sign_count: z.int(),
  label: z.string(),
  registered_at: instantSchema,
});
export type PasskeyRow = z.output<typeof row>;

/** One row for each passkey by which somebody can log in. */
export const passkeys = projection({
  view: 'passkeys',
  version: 1,
  row: codedRow(row),
  types: ['PasskeyRegistered', 'PasskeyRemoved'],
  keys: ({ event }) => [event.data.credentialId],
  evolve: (_, { event }) => {
    if (event.type === 'PasskeyRemoved') return undefined;
    const { operator, credentialId, publicKey, signCount, label, at } = event.data;
    return {
      ...{ operator, credential_id: credentialId, public_key: publicKey, sign_count: signCount },
      ...{ label, registered_at: at },
    };
  },
  fields: ['operator'],
  fieldsOf: ({ operator }) => ({ operator }),
});

/** Passkeys at the most of one list. */
const mostListed = 200;

/** The passkeys of all, or of one operator. @throws ViewParked, ReadStoreUnavailable */
export const listPasskeys = async (
  readStore: ReadStore,
  of: { readonly operator?: string } = {},
): Promise<readonly PasskeyRow[]> => {
  const { operator } = of;
  const find = { limit: mostListed, ...(operator !== undefined && { where: { operator } }) };
  return (await readPage(readStore, passkeys, find)).rows;
};
