import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeEvent, type EventId, encodeEvent } from '../kernel/index.ts';
import { regimeEvents } from './events.ts';

const id = '01890000-0000-7000-8000-000000000001' as EventId;
const first = () =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../corpus/RegimeClassified.v1.json'), 'utf8'),
  );

test('a classification of the first version says all that it said, and that no model was asked', () => {
  const data = first();
  const lifted = decodeEvent(regimeEvents, {
    id,
    type: 'RegimeClassified',
    schemaVersion: 1,
    data,
  });
  expect(data).toEqual(first());
  const { classification, ...rest } = first();
  expect(encodeEvent(regimeEvents, lifted)).toEqual({
    type: 'RegimeClassified',
    schemaVersion: 2,
    data: {
      ...rest,
      withModel: false,
      classification: { ...classification, metrics: { ...classification.metrics, hmm: null } },
    },
  });
});

test('a first version that lacks a figure, or a second without an opinion, is not read', () => {
  const read = (schemaVersion: number, change: (data: ReturnType<typeof first>) => void) => {
    const data = first();
    change(data);
    return () => decodeEvent(regimeEvents, { id, type: 'RegimeClassified', schemaVersion, data });
  };
  expect(read(1, () => undefined)).not.toThrow();
  expect(read(1, (data) => delete data.classification.metrics.bars)).toThrow(/metrics/);
  expect(read(2, () => undefined)).toThrow(/hmm/);
});
