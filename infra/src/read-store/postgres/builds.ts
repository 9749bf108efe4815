import {
  beforeAll,
  type Checkpoint,
  CheckpointLost,
  type LogPosition,
  type ProjectionStore,
} from '@sentinel/contracts/kernel';
import type { Pool, PoolClient } from 'pg';
import type { Definitions } from '../definitions.ts';
import type { Progress } from '../progress.ts';
import { asText, commitStatement } from './commit-statement.ts';
import { reaching } from './failures.ts';
import { swapChannel } from './lease.ts';
import { drop, inTransaction, tablesOf } from './table-states.ts';
import {
  type CheckpointRow,
  checkpointColumns,
  createCheckpoints,
  createIndexes,
  createTable,
  createView,
  toCheckpoint,
} from './tables.ts';

const schemaLock = 7_311_905_052;

type Builds = Pick<ProjectionStore, 'startBuild' | 'dropBuild' | 'finishBuild' | 'swap'>;

type Parts = {
  readonly pool: Pool;
  readonly views: Definitions;
  readonly progress: Progress;
};

/** Everything that makes, exchanges and drops tables. */
export const builds = ({ pool, views, progress }: Parts): Builds => {
  const startBuild = (view: string): Promise<Checkpoint> =>
    inTransaction(pool, async (client) => {
      const definition = views.of(view);
      await client.query('select pg_advisory_xact_lock($1)', [schemaLock]);
      await client.query(createCheckpoints);
      const { rows } = await client.query<{ next: number }>(
        'select coalesce(max(generation), 0) + 1 as next from sentinel.rm_checkpoints where view = $1',
        [view],
      );
      const { version } = definition;
      const left = await leftBehind(client, view, version);
      if (left !== undefined) return left;
      for (const abandoned of await tablesOf(client, view, 'building'))
        await drop(client, abandoned);
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

  return {
    startBuild,
    swap: swapping({ pool, views, progress }),
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

const swapping =
  ({ pool, views, progress }: Parts): Builds['swap'] =>
  (table, catchUp) =>
    inTransaction(pool, async (client) => {
      await client.query("set local lock_timeout = '10s'");
      const change = await catchUp(await standStill(client, table.view));
      const statement = commitStatement([{ ...asText(change), definition: views.of(table.view) }]);
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

/** Locks the serving checkpoint, so that the table does not move, and answers where it stands. */
const standStill = async (client: PoolClient, view: string): Promise<LogPosition> => {
  const { rows } = await client.query<{ position: string }>(
    `select position::text as position from sentinel.rm_checkpoints
     where view = $1 and state = 'serving' for update`,
    [view],
  );
  return BigInt(rows[0]?.position ?? 0) as LogPosition;
};

/** The build of this version that was cut, as far as it came; not one that an event stopped. */
const leftBehind = async (
  client: PoolClient,
  view: string,
  version: number,
): Promise<Checkpoint | undefined> => {
  const { rows } = await client.query<CheckpointRow>(
    `select ${checkpointColumns} from sentinel.rm_checkpoints
     where view = $1 and version = $2 and state = 'building' and parked is null`,
    [view, version],
  );
  return rows[0] && toCheckpoint(rows[0]);
};
