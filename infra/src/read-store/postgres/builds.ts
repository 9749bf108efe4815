import {
  beforeAll,
  type Checkpoint,
  CheckpointLost,
  type LogPosition,
  type ProjectionStore,
  type ViewTable,
} from '@sentinel/contracts/kernel';
import type { Pool, PoolClient } from 'pg';
import type { Definitions } from '../definitions.ts';
import type { Progress } from '../progress.ts';
import { commitStatement } from './commit-statement.ts';
import { reaching } from './failures.ts';
import { swapChannel } from './lease.ts';
import { createCheckpoints, createIndexes, createTable, createView, tableName } from './tables.ts';

const schemaLock = 7_311_905_052;

type Builds = Pick<ProjectionStore, 'startBuild' | 'dropBuild' | 'finishBuild' | 'swap'>;

/** Everything that makes, exchanges and drops tables. */
export const builds = ({
  pool,
  views,
  progress,
}: {
  readonly pool: Pool;
  readonly views: Definitions;
  readonly progress: Progress;
}): Builds => {
  const startBuild = (view: string): Promise<Checkpoint> =>
    inTransaction(pool, async (client) => {
      const definition = views.of(view);
      await client.query('select pg_advisory_xact_lock($1)', [schemaLock]);
      await client.query(createCheckpoints);
      const { rows } = await client.query<{ next: number }>(
        'select coalesce(max(generation), 0) + 1 as next from sentinel.rm_checkpoints where view = $1',
        [view],
      );
      for (const abandoned of await tablesOf(client, view, 'building'))
        await drop(client, abandoned);
      const { version } = definition;
      const checkpoint = {
        view,
        generation: rows[0]?.next ?? 1,
        version,
        logPosition: beforeAll,
        parked: null,
      };
      await client.query(createTable(checkpoint, definition));
      await client.query(
        `insert into sentinel.rm_checkpoints (view, generation, version, state, position)
         values ($1, $2, $3, 'building', 0)`,
        [view, checkpoint.generation, version],
      );
      return checkpoint;
    });

  const swap: Builds['swap'] = (table, catchUp) =>
    inTransaction(pool, async (client) => {
      await client.query("set local lock_timeout = '10s'");
      const change = await catchUp(await standStill(client, table.view));
      const statement = commitStatement([{ ...change, definition: views.of(table.view) }]);
      const { rows } = await client.query<{ committed: boolean }>(statement.text, [
        ...statement.values,
      ]);
      if (rows[0]?.committed !== true)
        throw new CheckpointLost(`the build of ${table.view} was overtaken by another`);
      for (const older of await tablesOf(client, table.view, 'retired')) await drop(client, older);
      await client.query(
        "update sentinel.rm_checkpoints set state = 'retired' where view = $1 and state = 'serving'",
        [table.view],
      );
      await client.query(
        "update sentinel.rm_checkpoints set state = 'serving' where view = $1 and generation = $2",
        [table.view, table.generation],
      );
      await client.query(createView(table));
      await client.query('select pg_notify($1, $2)', [
        swapChannel,
        `${table.view} ${table.generation}`,
      ]);
      const { version } = views.of(table.view);
      return { ...change.table, version, logPosition: change.to, parked: change.parked };
    }).then(progress.serve);

  return {
    startBuild,
    swap,
    finishBuild: (table) =>
      reaching(async () => {
        await pool.query(createIndexes(table, views.of(table.view)));
      }),
    dropBuild: (table) =>
      inTransaction(pool, async (client) => {
        const building = await tablesOf(client, table.view, 'building');
        if (building.some(({ generation }) => generation === table.generation))
          await drop(client, table);
      }),
  };
};

/** Locks the serving checkpoint, so that the table does not move, and answers where it stands. */
const standStill = async (client: PoolClient, view: string): Promise<LogPosition> => {
  const { rows } = await client.query<{ position: string }>(
    `select position::text as position from sentinel.rm_checkpoints
     where view = $1 and state = 'serving' for update`,
    [view],
  );
  return BigInt(rows[0]?.position ?? 0) as LogPosition;
};

const tablesOf = async (
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

const drop = async (client: PoolClient, table: ViewTable): Promise<void> => {
  await client.query(`drop table if exists ${tableName(table)}`);
  await client.query('delete from sentinel.rm_checkpoints where view = $1 and generation = $2', [
    table.view,
    table.generation,
  ]);
};

const inTransaction = <Value>(
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
