import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { testDesk, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { keptAsSnapshot, plainState } from '../kernel/test-snapshots.ts';

const kept = ['before-risk-4.log.json', 'before-risk-5.log.json'];

test.each(kept)('every stream of %s that is folded comes through a snapshot', async (file) => {
  const eventStore = memoryEventStore({ now: () => tuesdayNoon });
  const written: readonly RecordedEvent[] = JSON.parse(
    readFileSync(join(import.meta.dirname, file), 'utf8'),
  );
  for (const { id, type, schemaVersion, data, metadata, stream } of written)
    await eventStore.appendToStream(stream, [{ id, type, schemaVersion, data, metadata }], 'any');
  const { sessions, control } = testDesk(eventStore, { replayed: false });
  const streams = new Set(written.map(({ stream }) => stream));
  const folded: object[] = [await control.load()];
  for (const stream of streams)
    if (stream.startsWith('session-')) folded.push((await sessions.load(stream)).state);
  expect(folded.length).toBeGreaterThan(1);
  for (const state of folded)
    expect(plainState(await keptAsSnapshot(state))).toEqual(plainState(state));
});
