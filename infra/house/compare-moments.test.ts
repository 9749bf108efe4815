import { expect, test } from 'vitest';

test.each([
  [Temporal.Instant.from('2026-03-02T14:30:00Z'), Temporal.Instant.from('2026-03-02T14:30:01Z')],
  [Temporal.PlainDate.from('2026-03-02'), Temporal.PlainDate.from('2026-03-03')],
  [
    Temporal.PlainDateTime.from('2026-03-02T14:30'),
    Temporal.PlainDateTime.from('2026-03-02T15:30'),
  ],
  [Temporal.Duration.from('PT1S'), Temporal.Duration.from('PT2S')],
  [Temporal.PlainDate.from('2026-03-02'), null],
])('%s and %s are told apart wherever objects are compared in part', (one, other) => {
  expect({ at: one }).toMatchObject({ at: one });
  expect({ at: one }).not.toMatchObject({ at: other });
  expect([{ at: one }]).not.toMatchObject([{ at: other }]);
});
