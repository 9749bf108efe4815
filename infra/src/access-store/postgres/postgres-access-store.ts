import {
  type AccessRecord,
  type AccessStore,
  AccessStoreUnavailable,
  type FoundAccessRecord,
} from '@sentinel/contracts/access';
import type { QueryResult, QueryResultRow } from 'pg';
import { isOutage, openPool } from '../../postgres/index.ts';
import type { Log } from '../../runtime/index.ts';
import { statements } from './statements.ts';

const poolSize = 4;

type Row = Pick<AccessRecord, 'kind' | 'id' | 'payload'> & { readonly consumed_at: Date | null };

const foundIn = ({ rows: [row] }: QueryResult<Row>): FoundAccessRecord | undefined =>
  row && {
    kind: row.kind,
    id: row.id,
    payload: row.payload,
    consumedAt: row.consumed_at && Temporal.Instant.from(row.consumed_at.toISOString()),
  };

const valuesOf = ({ kind, id, payload, ttlSeconds, family, alias }: AccessRecord) => [
  kind,
  id,
  JSON.stringify(payload),
  ttlSeconds,
  family,
  alias,
];

/** In a database that `migrate` has prepared; all processes on it see each other. */
export const openPostgresAccessStore = ({
  connectionString,
  log,
}: {
  readonly connectionString: string;
  readonly log: Log;
}): AccessStore => {
  const pool = openPool({ connectionString, purpose: 'access', size: poolSize, log });
  let closing: Promise<void> | undefined;

  const query = async <Shape extends QueryResultRow>(
    statement: keyof typeof statements,
    values: readonly unknown[],
  ): Promise<QueryResult<Shape>> => {
    if (closing !== undefined) throw new AccessStoreUnavailable('the access store is closed');
    try {
      const name = `access ${statement}`;
      return await pool.query<Shape>({ name, text: statements[statement], values: [...values] });
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      throw new AccessStoreUnavailable('who comes in cannot be looked up', { cause });
    }
  };

  return {
    put: async (record) => void (await query('put', valuesOf(record))),
    add: async (record) => (await query('add', valuesOf(record))).rowCount === 1,
    find: async (kind, id) => foundIn(await query<Row>('find', [kind, id])),
    findByAlias: async (kind, alias) => foundIn(await query<Row>('findByAlias', [kind, alias])),
    consume: async (kind, id) => (await query('consume', [kind, id])).rowCount === 1,
    remove: async (kind, id) => void (await query('remove', [kind, id])),
    removeFamily: async (family) => void (await query('removeFamily', [family])),
    count: async (kind) => (await query<{ count: number }>('count', [kind])).rows[0]?.count ?? 0,
    sweep: async () => void (await query('sweep', [])),
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
};
