import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { events } from './catalog.ts';
import {
  decodeEvent,
  type EventId,
  EventStoreCorrupt,
  encodeEvent,
  event,
  type Json,
} from './kernel/index.ts';

/** One stored payload for each version of each event that was ever released. None is ever changed. */
const corpus = join(import.meta.dirname, '..', 'corpus');
const stored = (type: string, version: number) =>
  JSON.parse(readFileSync(join(corpus, `${type}.v${version}.json`), 'utf8'));
const id = '01890000-0000-7000-8000-000000000001' as EventId;

const versions = Object.entries(events).flatMap(([type, { version }]) =>
  Array.from({ length: version }, (_, n) => [type, n + 1] as const),
);

describe('the corpus of stored events', () => {
  test('holds each version of each event, and nothing else', () => {
    expect(readdirSync(corpus).sort()).toEqual(
      versions.map(([type, version]) => `${type}.v${version}.json`).sort(),
    );
  });

  test.each(versions)(
    'reads %s version %i, and the current one writes it back unchanged',
    (type, version) => {
      const data = stored(type, version);
      const decoded = decodeEvent(events, { id, type, schemaVersion: version, data });
      const encoded = encodeEvent(events, decoded);
      if (version === events[type as keyof typeof events].version)
        expect(encoded.data).toEqual(data);
      expect(decodeEvent(events, { id, ...encoded })).toEqual(decoded);
    },
  );
});

describe('an upcaster', () => {
  const counted = {
    Counted: event(2, z.strictObject({ count: z.int() }), {
      1: (data) => ({ count: (data as { n: number }).n }),
    }),
  };

  test('lifts an old payload to the current version', () => {
    expect(
      decodeEvent(counted, { id, type: 'Counted', schemaVersion: 1, data: { n: 3 } }).data,
    ).toEqual({ count: 3 });
  });

  test('lifts by one version at a time, each from what the one before it gave', () => {
    const renamed = {
      Renamed: event(3, z.strictObject({ total: z.int(), unit: z.string() }), {
        1: (data) => ({ count: (data as { n: number }).n }),
        2: (data) => ({ total: (data as { count: number }).count, unit: 'shares' }),
      }),
    };
    const read = (schemaVersion: number, data: Json) =>
      decodeEvent(renamed, { id, type: 'Renamed', schemaVersion, data }).data;
    const forms: readonly Json[] = [{ n: 3 }, { count: 3 }, { total: 3, unit: 'shares' }];
    for (const [version, data] of forms.entries())
      expect(read(version + 1, data)).toEqual({ total: 3, unit: 'shares' });
    expect(() => read(2, { n: 3 })).toThrow(EventStoreCorrupt);
  });

  test.each([
    ['an unknown type', { type: 'Other', schemaVersion: 1, data: {} }],
    ['a newer version', { type: 'Counted', schemaVersion: 3, data: { count: 1 } }],
    ['a version without an upcaster', { type: 'Counted', schemaVersion: 0, data: {} }],
    [
      'a payload with a field too many',
      { type: 'Counted', schemaVersion: 2, data: { count: 1, more: 1 } },
    ],
  ])('is not guessed for %s', (_, recorded) => {
    expect(() => decodeEvent(counted, { id, ...recorded })).toThrow(EventStoreCorrupt);
  });
});
