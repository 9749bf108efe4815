import { streamName } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { sampleEvent } from '../contract-tests/event-store/samples.ts';
import { memoryEventStore } from '../event-store/index.ts';
import { systemClock } from '../runtime/index.ts';
import type { LogEnd } from './log-end.ts';
import { type MigrationProgress, migrateLog } from './migrate-log.ts';

const logOf = async (events: number) => {
  const store = memoryEventStore({ now: systemClock });
  for (let n = 0; n < events; n += 100)
    await store.appendToStream(
      streamName('session', 'a'),
      Array.from({ length: 100 }, () => sampleEvent()),
      'any',
    );
  let read = 0;
  const end: LogEnd = {
    name: 'memory',
    inOrder: true,
    store: {
      ...store,
      readAll: async (range) => {
        const page = await store.readAll(range);
        read += page.length;
        return page;
      },
    },
  };
  return { end, read: () => read };
};

const none = new AbortController().signal;

test('whoever goes on after a cut reads the source once, and tells from the first page how much there is', async () => {
  const [source, target] = [await logOf(1_200), await logOf(0)];
  const ends = { source: source.end, target: target.end };
  const stop = new AbortController();
  const cut = migrateLog({
    ...{ ...ends, signal: stop.signal },
    onProgress: ({ step }) => step === 'copying' && stop.abort(new Error('stopped')),
  });
  await expect(cut).rejects.toThrow('stopped');
  const before = source.read();
  const told: MigrationProgress[] = [];
  await migrateLog({ ...ends, signal: none, onProgress: (progress) => told.push(progress) });
  expect(source.read() - before).toBe(1_200);
  expect(told.slice(0, 2)).toEqual([
    { step: 'comparing', events: 500, of: 1_200 },
    { step: 'copying', events: 1_000, of: 1_200 },
  ]);
});
