import {
  LeaseLost,
  type LogPosition,
  type WorkflowStore,
  WorkflowStoreUnavailable,
} from '@sentinel/contracts/kernel';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';
import { isOutage, openPool } from '../../postgres/index.ts';
import type { Log } from '../../runtime/index.ts';
import { statements } from './statements.ts';

const poolSize = 2;
/** An answer that takes longer comes too late to hold a lease of some seconds. */
const patienceMs = 5_000;

/** Leases and checkpoints in a database that `migrate` has prepared; all processes on it see each other. */
export const openPostgresWorkflowStore = ({
  connectionString,
  log,
}: {
  readonly connectionString: string;
  readonly log: Log;
}): WorkflowStore => {
  const pool = openPool({ connectionString, purpose: 'workflows', size: poolSize, log });
  let closing: Promise<void> | undefined;

  const query = async <Row extends QueryResultRow>(
    statement: keyof typeof statements,
    values: readonly unknown[],
  ): Promise<QueryResult<Row>> => {
    if (closing !== undefined) throw new WorkflowStoreUnavailable('the workflow store is closed');
    // The driver knows a time limit for each query; its types do not.
    const config: QueryConfig & { readonly query_timeout: number } = {
      name: statement,
      text: statements[statement],
      values: [...values],
      query_timeout: patienceMs,
    };
    try {
      return await pool.query<Row>(config);
    } catch (cause) {
      if (!isOutage(cause)) throw cause;
      throw new WorkflowStoreUnavailable(
        `leases and checkpoints cannot be reached: ${cause.message}`,
        { cause },
      );
    }
  };

  return {
    acquire: async (name, owner, ttlMs) => {
      const { rows } = await query<{ epoch: string }>('acquire', [name, owner, ttlMs]);
      return rows[0] && { epoch: BigInt(rows[0].epoch) };
    },
    renew: async (name, epoch, ttlMs) => {
      const { rowCount } = await query('renew', [name, `${epoch}`, ttlMs]);
      if (rowCount === 0) throw new LeaseLost(name, epoch);
    },
    release: async (name, epoch) => {
      await query('release', [name, `${epoch}`]);
    },
    checkpoint: async (name) => {
      const { rows } = await query<{ position: string; keys: string[] }>('checkpoint', [name]);
      return (
        rows[0] && { logPosition: BigInt(rows[0].position) as LogPosition, keys: rows[0].keys }
      );
    },
    saveCheckpoint: async (name, epoch, { logPosition, keys }) => {
      const values = [name, `${epoch}`, `${logPosition}`, [...keys]];
      const { rowCount } = await query('saveCheckpoint', values);
      if (rowCount === 0) throw new LeaseLost(name, epoch);
    },
    close: () => {
      closing ??= pool.end();
      return closing;
    },
  };
};
