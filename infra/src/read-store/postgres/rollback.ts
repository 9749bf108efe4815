import { CheckpointLost, type ProjectionStore, type ViewTable } from '@sentinel/contracts/kernel';
import type { Pool, PoolClient } from 'pg';
import type { Progress } from '../progress.ts';
import { reaching } from './failures.ts';
import { swapChannel } from './lease.ts';
import { drop, inTransaction, tablesOf } from './table-states.ts';
import { type CheckpointRow, checkpointColumns, createView, toCheckpoint } from './tables.ts';

const states = `
  update sentinel.rm_checkpoints set state = $3 where view = $1 and generation = $2 and state = $4`;

const move = async (
  client: PoolClient,
  { view, generation }: ViewTable,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> => {
  const { rowCount } = await client.query(states, [view, generation, to, from]);
  if (rowCount !== 1) throw new CheckpointLost(`the table ${generation} of ${view} is not ${from}`);
};

/** What brings back the tables that served before. */
export const rollback = ({
  pool,
  progress,
}: {
  readonly pool: Pool;
  readonly progress: Progress;
}): Pick<ProjectionStore, 'before' | 'reopen' | 'exchange'> => ({
  before: (view) =>
    reaching(async () => {
      const { rows } = await pool.query<CheckpointRow>(
        `select ${checkpointColumns} from sentinel.rm_checkpoints where view = $1 and state = 'retired'`,
        [view],
      );
      return rows[0] && toCheckpoint(rows[0]);
    }),
  reopen: (table) =>
    inTransaction(pool, async (client) => {
      for (const left of await tablesOf(client, table.view, 'building')) await drop(client, left);
      await move(client, table, { from: 'retired', to: 'building' });
    }),
  exchange: (table) =>
    inTransaction(pool, async (client) => {
      await client.query("set local lock_timeout = '10s'");
      const [served] = await tablesOf(client, table.view, 'serving');
      if (served === undefined) throw new CheckpointLost(`nothing serves ${table.view}`);
      // Only one of a view may serve at any moment, so the one that does makes room first.
      await move(client, served, { from: 'serving', to: 'retired' });
      await move(client, table, { from: 'retired', to: 'serving' });
      await client.query(createView(table));
      const { rows } = await client.query<CheckpointRow>(
        `select ${checkpointColumns} from sentinel.rm_checkpoints where view = $1 and generation = $2`,
        [table.view, table.generation],
      );
      const payload = `${table.view} ${table.generation}`;
      await client.query('select pg_notify($1, $2)', [swapChannel, payload]);
      return rows.map(toCheckpoint);
    }).then((serving) => serving.forEach(progress.serve)),
});
