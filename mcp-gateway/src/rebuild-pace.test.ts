import { expect, test } from 'vitest';
import { rebuildPace } from './rebuild-pace.ts';

test('a rebuild says how many events are folded, how fast, and how long it takes still', () => {
  let nowMs = 0;
  const pace = rebuildPace(() => nowMs);
  expect(pace({ done: '1000', total: '5000' })).toBe('folded 1000 of 5000 events');
  nowMs = 1_000;
  const line = 'folded 2000 of 5000 events, 1000 a second, 3 s left';
  expect(pace({ done: '2000', total: '5000' })).toBe(line);
});

test('of a log whose positions are no counts it says the share', () => {
  let nowMs = 0;
  const pace = rebuildPace(() => nowMs);
  const at = (commit: bigint) => `${(commit << 64n) | commit}`;
  pace({ done: at(1_000n), total: at(5_000n) });
  nowMs = 1_000;
  const line = 'folded 40 % of the log, 3 s left';
  expect(pace({ done: at(2_000n), total: at(5_000n) })).toBe(line);
});
