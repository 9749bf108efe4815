import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exchangeDate, exchangeZone, instantSchema } from './time.ts';

const hourMs = 3_600_000;
const clockChange = Temporal.Instant.from('2026-11-01T06:00:00Z').epochMilliseconds;

test('the exchange date is New York’s, whatever was asked before', () => {
  const near = fc.integer({ min: clockChange - 60 * hourMs, max: clockChange + 60 * hourMs });
  const anywhere = fc.integer({ min: 0, max: 4_000_000_000_000 });
  fc.assert(
    fc.property(fc.array(fc.oneof(near, anywhere), { minLength: 1, maxLength: 20 }), (times) => {
      for (const ms of times) {
        const instant = Temporal.Instant.fromEpochMilliseconds(ms);
        const zoned = instant.toZonedDateTimeISO(exchangeZone);
        expect(exchangeDate(instant)).toBe(zoned.toPlainDate().toString());
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['2026-11-01T03:59:59.999Z', '2026-10-31'],
  ['2026-11-01T04:00:00Z', '2026-11-01'],
  ['2026-11-02T04:59:59.999Z', '2026-11-01'],
  ['2026-11-02T05:00:00Z', '2026-11-02'],
])('on the long day of the clock change %s is of %s', (text, date) => {
  expect(exchangeDate(Temporal.Instant.from(text))).toBe(date);
});

test.each([
  '2026-11-01T03:59:59Z',
  '2026-11-01T03:59:59.000Z',
  '2026-11-01T03:59:59.120Z',
  '2026-11-01T03:59:59.123456789Z',
  '2026-11-01T03:59:60Z',
  '2026-11-01T03:59Z',
  '2026-11-01T03:59:59+01:00',
  '+012026-11-01T03:59:59Z',
])('an instant that was read as %s is written as every instant is', (text) => {
  const read = instantSchema.decode(text);
  expect(instantSchema.encode(read)).toBe(Temporal.Instant.from(text).toString());
});
