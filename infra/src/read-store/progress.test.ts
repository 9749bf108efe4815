import type { Checkpoint, LogPosition } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { progressOf } from './progress.ts';

const at = (position: number, rest: Partial<Checkpoint> = {}): Checkpoint => ({
  ...{ view: 'orders', generation: 1, version: 1, parked: null },
  logPosition: BigInt(position) as LogPosition,
  ...rest,
});

test('a look at the tables that ends late does not take a view back', () => {
  const { logPosition, moved, serve } = progressOf(['orders']);
  serve(at(3));
  moved([at(7)]);
  serve(at(3));
  expect(logPosition()).toBe(7n);
  serve(at(9));
  expect(logPosition()).toBe(9n);
});

test('a table that takes the place of another begins where it stands', () => {
  const { logPosition, serve } = progressOf(['orders']);
  serve(at(7));
  serve(at(4, { generation: 2 }));
  expect(logPosition()).toBe(4n);
});

test('a view that is parked where it stands keeps nobody waiting', async () => {
  const { reached, serve } = progressOf(['orders', 'trades']);
  serve(at(7));
  serve(at(9, { view: 'trades' }));
  const waited = reached(9n as LogPosition, 10_000);
  serve(at(7, { parked: 'bad' }));
  expect(await waited).toBe(true);
});
