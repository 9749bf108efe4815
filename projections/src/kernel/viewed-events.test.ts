import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { events } from '@sentinel/contracts';
import { decodeEvent, type EventId, type Json } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { viewedEvents } from './viewed-events.ts';

const corpus = join(import.meta.dirname, '../../../contracts/corpus');
const stored = (version: number, changes: Readonly<Record<string, Json>> = {}) => {
  const data = JSON.parse(readFileSync(join(corpus, `RiskAssessed.v${version}.json`), 'utf8'));
  return {
    ...{ id: 'an event' as EventId, type: 'RiskAssessed', schemaVersion: version },
    data: { ...data, ...changes } as Json,
  };
};

test.each([1, 2])(
  'what views see of an assessment of version %i is as it was decoded',
  (version) => {
    const whole = decodeEvent(events, stored(version));
    const viewed = decodeEvent(viewedEvents, stored(version));
    expect(whole).toMatchObject(viewed);
    expect(JSON.stringify(Object.keys(viewed.data).sort())).toBe(
      '["at","checks","decisionId","denialCode","facts","intent","outcome","purpose"]',
    );
  },
);

test('an assessment with something wrong at which views look is not taken', () => {
  const event = stored(2, { outcome: 'PERHAPS' });
  expect(() => decodeEvent(viewedEvents, event)).toThrow('outcome');
});

test('one with something wrong elsewhere holds up no view', () => {
  const event = stored(2, { codeDigest: 'no digest' });
  expect(() => decodeEvent(events, event)).toThrow('codeDigest');
  expect(decodeEvent(viewedEvents, event).type).toBe('RiskAssessed');
});
