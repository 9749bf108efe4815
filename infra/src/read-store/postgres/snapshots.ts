import type {
  KeyedDigest,
  KeyedRow,
  ProjectionStore,
  ViewSnapshot,
} from '@sentinel/contracts/kernel';
import type { Pool, PoolClient } from 'pg';
import { reaching } from './failures.ts';
import { type CheckpointRow, checkpointColumns, tableName, toCheckpoint } from './tables.ts';

/** One transaction sees one moment; it holds up nobody. */
export const snapshots =
  (pool: Pool): ProjectionStore['snapshot'] =>
  (of, look) =>
    reaching(async () => {
      const client = await pool.connect();
      try {
        await client.query('begin transaction isolation level repeatable read read only');
        const snapshot = await open(client, of);
        const answer = snapshot === undefined ? undefined : await look(snapshot);
        await client.query('commit');
        client.release();
        return answer;
      } catch (error) {
        client.release(true);
        throw error;
      }
    });

const open = async (
  client: PoolClient,
  of: Parameters<ProjectionStore['snapshot']>[0],
): Promise<ViewSnapshot | undefined> => {
  const [view, condition, value] =
    typeof of === 'string'
      ? [of, 'state = $2', 'serving']
      : [of.view, 'generation = $2', of.generation];
  const { rows } = await client.query<CheckpointRow>(
    `select ${checkpointColumns} from sentinel.rm_checkpoints where view = $1 and ${condition}`,
    [view, value],
  );
  if (rows[0] === undefined) return undefined;
  const checkpoint = toCheckpoint(rows[0]);
  const page = async <Of extends { readonly key: string }>(
    column: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly Of[]> => {
    const found = await client.query<Of>(
      `select key, ${column} from ${tableName(checkpoint)} where key > $1 order by key limit $2`,
      [after ?? '', limit],
    );
    return found.rows;
  };
  return {
    checkpoint,
    scan: (after, limit) => page<KeyedRow>('row', after, limit),
    digests: (after, limit) => page<KeyedDigest>('md5(row::text) as digest', after, limit),
  };
};
