import { expect, test } from 'vitest';
import { progressLines } from './progress-lines.ts';

test('progress says at most once a second how many events are done, how fast, and how long it takes still', () => {
  const lines: string[] = [];
  let nowMs = 0;
  const show = progressLines((line) => lines.push(line), { nowMs: () => nowMs, everyMs: 1_000 });
  for (let events = 0; events <= 3_000; events += 500, nowMs += 500)
    show({ step: 'copying', events: 1_000 + events, of: 5_000 });
  show({ step: 'reading the target', events: 500, of: 5_000 });
  expect(lines).toEqual([
    'copying: 2000 of 5000 events, 1000 a second, 3 s left',
    'copying: 3000 of 5000 events, 1000 a second, 2 s left',
    'copying: 4000 of 5000 events, 1000 a second, 1 s left',
  ]);
});
