import { grantSchema, grantStandingSchema } from '@sentinel/contracts/access';
import { instantSchema, type ReadStore, z } from '@sentinel/contracts/kernel';
import { codedRow, projection, readPage } from '../kernel/index.ts';

const row = z.strictObject({
  grant: grantSchema,
  version: z.int(),
  standing: grantStandingSchema,
  given_at: instantSchema,
  /** When it was changed or revoked last, and by whom; as given where it never was. */
  changed_at: instantSchema,
  changed_by: z.string(),
});
export type GrantRow = z.output<typeof row>;

/** One row for each grant that was ever given, as it stands. */
export const grants = projection({
  view: 'grants',
  version: 1,
  row: codedRow(row),
  types: ['AccessGranted', 'AccessChanged', 'AccessRevoked'],
  keys: ({ event }) => [event.data.grant.grantId],
  evolve: (before, { event: { type, data } }) => ({
    grant: data.grant,
    version: data.version,
    standing: type === 'AccessRevoked' ? ('revoked' as const) : ('in_force' as const),
    given_at: before?.given_at ?? data.at,
    changed_at: data.at,
    changed_by: data.by.principal,
  }),
  fields: ['client', 'standing'],
  fieldsOf: ({ grant, standing }) => ({ client: grant.client.id, standing }),
});

/** Grants at the most of one list. */
const mostListed = 500;

/**
 * The grants, or those of one client: for people to look at, and for who looks for the one to use. Whether one
 * still allows anything only its stream says. @throws ViewParked, ReadStoreUnavailable
 */
export const listGrants = async (
  readStore: ReadStore,
  of: { readonly client?: string } = {},
): Promise<readonly GrantRow[]> => {
  const { client } = of;
  const find = { limit: mostListed, ...(client !== undefined && { where: { client } }) };
  return (await readPage(readStore, grants, find)).rows;
};
