import {
  type EventStore,
  EventStoreCorrupt,
  EventStoreFenced,
  EventStoreUnavailable,
  type NewEvent,
  beforeAll as start,
} from '@sentinel/contracts/kernel';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  follow,
  freshStream,
  readBehind,
  sampleEvent,
  sampleEvents,
} from '../../contract-tests/event-store/samples.ts';
import { StartupError } from '../../runtime/startup-error.ts';
import { openTestStore } from './open-test-store.ts';

let under: Awaited<ReturnType<typeof openTestStore>>;
beforeEach(async () => {
  under = await openTestStore();
});
afterEach(() => under.dispose());

const killConnections = (like: string) =>
  under.execute(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name like '${like}' and pid <> pg_backend_pid()`,
  );

/** How many connections of that name there are. */
const connected = async (name: string): Promise<number> => {
  const { rows } = await under.execute(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and application_name = '${name}'`,
  );
  return rows[0]?.count;
};
const patiently = { timeout: 20_000, interval: 10 };

/** Appends until it has `count` answers, again and again the same event while the outcome is unknown. */
const appendStubbornly = async (
  store: EventStore,
  count: number,
  { onUnknown, onAnswer }: { readonly onUnknown: () => void; readonly onAnswer: () => void },
): Promise<readonly NewEvent[]> => {
  const stream = freshStream();
  const acknowledged: NewEvent[] = [];
  for (let n = 0; n < count; n++) {
    const event = sampleEvent({ n });
    for (let attempt = 0; ; attempt++) {
      try {
        await store.appendToStream(stream, [event], 'any');
        break;
      } catch (error) {
        if (!(error instanceof EventStoreUnavailable) || attempt > 50) throw error;
        onUnknown();
      }
    }
    acknowledged.push(event);
    onAnswer();
  }
  return acknowledged;
};

describe('the single writer', () => {
  test('refuses a second one in a sentence, and lets it in when the first has closed', async () => {
    const second = under.open();
    await expect(second).rejects.toBeInstanceOf(StartupError);
    await expect(second).rejects.toMatchObject({
      code: 'second-writer',
      message: expect.stringMatching(/^Another Sentinel [^.]*\.$/),
    });
    await under.store.close();
    const next = await under.open();
    expect(await next.appendToStream(freshStream(), sampleEvents(2), 'no-stream')).toMatchObject({
      logPosition: 2n,
    });
  });

  test('a database that is not there is named in a sentence', async () => {
    const nowhere = new URL(under.connectionString);
    nowhere.pathname = '/no_such_database';
    const opening = under.open({ connectionString: nowhere.toString() });
    await expect(opening).rejects.toMatchObject({
      name: 'StartupError',
      code: 'database-unreachable',
    });
  });

  test('a late writer is fenced for good and writes nothing', async () => {
    await under.store.appendToStream(freshStream(), [sampleEvent()], 'any');
    await under.execute('update sentinel.writer set epoch = epoch + 1, owner = gen_random_uuid()');
    for (let attempt = 0; attempt < 3; attempt++) {
      const late = under.store.appendToStream(freshStream(), [sampleEvent()], 'any');
      await expect(late).rejects.toBeInstanceOf(EventStoreFenced);
    }
    expect(await under.store.lastPosition()).toBe(1n);
  });

  test('one that lost its connection is fenced when another has written in between', async () => {
    await under.store.appendToStream(freshStream(), [sampleEvent()], 'any');
    await under.execute('update sentinel.writer set owner = gen_random_uuid()');
    await killConnections('sentinel writer');
    await vi.waitFor(async () => expect(await connected('sentinel writer')).toBe(0), patiently);
    // The first may still be written into the lost connection: whether it came is then unknown.
    const late = () => under.store.appendToStream(freshStream(), [sampleEvent()], 'any');
    await vi.waitFor(() => expect(late()).rejects.toBeInstanceOf(EventStoreFenced), patiently);
    expect(await under.store.lastPosition()).toBe(1n);
  });

  test('survives the loss of its connections under load: nothing is lost, nothing comes twice', async () => {
    const callers = 16;
    const each = 120;
    let running = true;
    let answered = 0;
    const onAnswer = () => {
      answered += 1;
    };
    const killing = (async () => {
      for (let kill = 1; running && kill <= 30; kill++) {
        // So many more were answered since the last loss, or all of them are.
        await vi.waitUntil(() => !running || answered >= kill * 40, patiently);
        await killConnections('sentinel %');
      }
    })();
    let unknown = 0;
    const onUnknown = () => {
      unknown += 1;
    };
    const writing = Array.from({ length: callers }, () =>
      appendStubbornly(under.store, each, { onUnknown, onAnswer }),
    );
    const acknowledged = await Promise.all(writing);
    running = false;
    await killing;
    expect(unknown).toBeGreaterThan(0);
    const log = await readBehind(under.store, start);
    expect(log.map(({ id }) => id).toSorted()).toEqual(
      acknowledged
        .flat()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(log.map(({ logPosition }) => logPosition)).toEqual(
      log.map((_, index) => BigInt(index + 1)),
    );
    expect(await follow(under.store, start, (seen) => seen.length >= log.length)).toEqual(log);
  }, 60_000);

  test('does not take more than ten thousand waiting appends', async () => {
    const stream = freshStream();
    const outcomes = await Promise.all(
      Array.from({ length: 10_500 }, () =>
        under.store.appendToStream(stream, [sampleEvent(1)], 'any').then(
          () => 'taken',
          (error: Error) => error.name,
        ),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'EventStoreUnavailable')).toHaveLength(500);
    expect(await under.store.lastPosition()).toBe(10_000n);
  });

  test('an append that the database refuses does not fail the others of its batch', async () => {
    const bad = { ...sampleEvent(), type: 'with a \u0000 in it' };
    const appends = [[sampleEvent()], [bad], [sampleEvent()]].map((events) =>
      under.store.appendToStream(freshStream(), events, 'any').then(
        ({ logPosition }) => logPosition,
        (error: Error) => error.name,
      ),
    );
    expect(await Promise.all(appends)).toEqual([1n, 'EventStoreUnavailable', 2n]);
  });
});

describe('the log in the database', () => {
  test('a process that only reads follows what another one writes, and appends nothing', async () => {
    const readOnly = await under.open({ mode: 'read', pollMs: 20 });
    const following = follow(readOnly, start, (seen) => seen.length >= 30);
    for (let n = 0; n < 10; n++)
      await under.store.appendToStream(freshStream(), sampleEvents(3), 'any');
    expect(await following).toEqual(await readBehind(under.store, start));
    await expect(
      readOnly.appendToStream(freshStream(), [sampleEvent()], 'any'),
    ).rejects.toBeInstanceOf(EventStoreFenced);
  });

  test('refuses to be changed or emptied', async () => {
    await under.store.appendToStream(freshStream(), [sampleEvent()], 'any');
    for (const change of [
      "update sentinel.events set type = 'X'",
      'delete from sentinel.events',
      'truncate sentinel.events',
    ]) {
      await expect(under.execute(change), change).rejects.toThrow('append-only');
    }
  });

  test('a hole made by force raises an alarm in every way of reading', async () => {
    const stream = freshStream();
    await under.store.appendToStream(stream, sampleEvents(5), 'no-stream');
    await under.execute('set session_replication_role = replica');
    await under.execute('delete from sentinel.events where position = 3');
    await expect(under.store.readAll()).rejects.toBeInstanceOf(EventStoreCorrupt);
    await expect(under.store.readStream(stream)).rejects.toBeInstanceOf(EventStoreCorrupt);
    await expect(follow(under.store, start, () => false)).rejects.toBeInstanceOf(EventStoreCorrupt);
  });

  test('a closed store says so', async () => {
    await under.store.close();
    await expect(
      under.store.appendToStream(freshStream(), [sampleEvent()], 'any'),
    ).rejects.toBeInstanceOf(EventStoreUnavailable);
    await expect(under.store.readAll()).rejects.toBeInstanceOf(EventStoreUnavailable);
  });
});
