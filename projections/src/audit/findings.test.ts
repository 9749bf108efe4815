import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EventId, type Json, type LogPosition, streamName } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store/memory';
import { expect, test } from 'vitest';
import { noon } from '../samples/events.ts';
import { foldTo, houseOn } from '../samples/house.ts';
import { sampleId } from '../samples/ids.ts';
import { locateFinding } from './findings.ts';

const metadata = {
  principal: 'local:test',
  client: 'test',
  tool: 'test',
  correlationId: 'test',
  causationId: 'test',
};
const corpus = join(import.meta.dirname, '..', '..', '..', 'contracts', 'corpus');
const stored = (type: string, version: number): Json =>
  JSON.parse(readFileSync(join(corpus, `${type}.v${version}.json`), 'utf8'));

test('a finding is found by its event and a signal by its own id, whatever version recorded it', async () => {
  const eventStore = memoryEventStore({ now: () => noon });
  const signals = streamName('signal', 'momentum_v1');
  const log = [
    [streamName('regime', 'NVDA'), 'RegimeClassified', 1],
    [streamName('regime', 'NVDA'), 'RegimeClassified', 2],
    [signals, 'ScanCompleted', 1],
    [signals, 'SignalFound', 1],
    [signals, 'ScanCompleted', 2],
  ] as const;
  for (const [n, [stream, type, schemaVersion]] of log.entries()) {
    const id = sampleId(n + 1) as EventId;
    const event = { id, type, schemaVersion, data: stored(type, schemaVersion), metadata };
    await eventStore.appendToStream(stream, [event], 'any');
  }
  const { readStore, ...house } = houseOn(eventStore);
  await foldTo({ readStore, ...house }, BigInt(log.length) as LogPosition);
  const versions = [0n, 1n, 0n, 1n, 2n];
  for (const [n, [stream]] of log.entries())
    expect(await locateFinding(readStore, sampleId(n + 1))).toEqual({
      stream,
      version: versions[n],
    });
  const { signal } = stored('SignalFound', 1) as { readonly signal: { readonly signalId: string } };
  expect(await locateFinding(readStore, signal.signalId)).toEqual({ stream: signals, version: 1n });
  expect(await locateFinding(readStore, sampleId(99))).toBeUndefined();
});
