import {
  beforeAll,
  LeaseLost,
  type Position,
  type WorkflowStore,
  WorkflowStoreUnavailable,
} from '@sentinel/contracts/kernel';
import type pg from 'pg';
import { openPool } from '../postgres/index.ts';
import { type Log, reasonOf } from '../runtime/index.ts';

const poolSize = 2;

// The database's clock decides what has expired: those of the processes may differ.
const acquire = `
  insert into sentinel.workflows as mine (name, owner, epoch, expires_at)
  values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
  on conflict (name) do update set
    owner = excluded.owner,
    epoch = mine.epoch + case when mine.owner = excluded.owner then 0 else 1 end,
    expires_at = excluded.expires_at
  where mine.owner = excluded.owner or mine.expires_at <= clock_timestamp()
  returning epoch::text`;
const renew = `
  update sentinel.workflows set expires_at = clock_timestamp() + $3 * interval '1 millisecond'
  where name = $1 and epoch = $2::bigint`;
const release = `
  update sentinel.workflows set expires_at = '-infinity' where name = $1 and epoch = $2::bigint`;
const checkpoint = 'select position::text from sentinel.workflows where name = $1';
const save = `
  update sentinel.workflows set position = $3::numeric where name = $1 and epoch = $2::bigint`;

/** Leases and checkpoints in the database beside the views. */
export const postgresWorkflowStore = (options: {
  readonly connectionString: string;
  readonly log: Log;
}): WorkflowStore => {
  const pool = openPool({ ...options, purpose: 'workflows', size: poolSize });
  const ask = async (statement: string, values: readonly unknown[]): Promise<pg.QueryResult> => {
    try {
      return await pool.query(statement, [...values]);
    } catch (cause) {
      throw new WorkflowStoreUnavailable(`leases cannot be reached: ${reasonOf(cause)}`, { cause });
    }
  };
  return {
    acquire: async (name, { owner, ttlMs }) => {
      const { rows } = await ask(acquire, [name, owner, ttlMs]);
      const [row] = rows as readonly { readonly epoch: string }[];
      return row === undefined ? undefined : { name, owner, epoch: BigInt(row.epoch) };
    },
    renew: async ({ name, epoch }, ttlMs) => {
      const { rowCount } = await ask(renew, [name, `${epoch}`, ttlMs]);
      return rowCount === 1;
    },
    release: async ({ name, epoch }) => {
      await ask(release, [name, `${epoch}`]);
    },
    checkpoint: async (name) => {
      const { rows } = await ask(checkpoint, [name]);
      const [row] = rows as readonly { readonly position: string }[];
      return row === undefined ? beforeAll : (BigInt(row.position) as Position);
    },
    saveCheckpoint: async ({ name, epoch }, position) => {
      const { rowCount } = await ask(save, [name, `${epoch}`, `${position}`]);
      if (rowCount !== 1) throw new LeaseLost(`${name} is another's now`);
    },
    close: () => pool.end(),
  };
};
