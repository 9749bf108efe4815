import {
  type EventId,
  type LogPosition,
  type SnapshotStore,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import pg from 'pg';
import { expect, test } from 'vitest';
import { describeSnapshotStore } from '../../contract-tests/snapshot-store.ts';
import { migrate } from '../../postgres/migrate.ts';
import { createTestDatabase } from '../../postgres/test-database.ts';
import { newId } from '../../runtime/index.ts';
import { openPostgresSnapshotStore } from './postgres-snapshot-store.ts';

const prepared = async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const client = new pg.Client({ connectionString });
  await client.connect();
  const opened: SnapshotStore[] = [];
  const warnings: string[] = [];
  return {
    client,
    warnings,
    open: (code: string) => {
      const log = { info: () => undefined, warn: (text: string) => void warnings.push(text) };
      const store = openPostgresSnapshotStore({ connectionString, code, log });
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      await client.end();
      await drop();
    },
  };
};

describeSnapshotStore('snapshots in Postgres', async () => {
  const { client, open, dispose, warnings } = await prepared();
  return {
    open,
    dispose,
    damage: async (stream) => {
      await client.query(
        'update sentinel.snapshots set state = set_byte(state, length(state) - 6, 90) where stream = $1',
        [stream],
      );
      expect(warnings).toEqual([]);
    },
  };
});

test('the streams that were saved last are kept, and no others', async () => {
  const { client, open, dispose } = await prepared();
  try {
    const store = open('code');
    const place = {
      version: 1n as StreamVersion,
      logPosition: 1n as LogPosition,
      eventId: newId() as EventId,
    };
    for (let day = 0; day < 40; day++)
      await store.save(streamName('session', `${day}`), place, [day]);
    const { rows } = await client.query<{ stream: string }>(
      'select stream from sentinel.snapshots',
    );
    expect(rows).toHaveLength(32);
    expect((await store.load(streamName('session', '39')))?.parts).toEqual([39]);
    expect(await store.load(streamName('session', '7'))).toBeUndefined();
  } finally {
    await dispose();
  }
});
