import type { ViewTable } from '@sentinel/contracts/kernel';
import type { Pool, PoolClient } from 'pg';
import { reaching } from './failures.ts';
import { tableName } from './tables.ts';

export const tablesOf = async (
  client: PoolClient,
  view: string,
  state: string,
): Promise<readonly ViewTable[]> => {
  const { rows } = await client.query<ViewTable>(
    'select view, generation from sentinel.rm_checkpoints where view = $1 and state = $2',
    [view, state],
  );
  return rows;
};

export const drop = async (client: PoolClient, table: ViewTable): Promise<void> => {
  await client.query(`drop table if exists ${tableName(table)}`);
  await client.query('delete from sentinel.rm_checkpoints where view = $1 and generation = $2', [
    table.view,
    table.generation,
  ]);
};

export const inTransaction = <Value>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Value>,
): Promise<Value> =>
  reaching(async () => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const value = await work(client);
      await client.query('commit');
      client.release();
      return value;
    } catch (error) {
      // A connection in an unknown state is not used again; closing it rolls back.
      client.release(true);
      throw error;
    }
  });
