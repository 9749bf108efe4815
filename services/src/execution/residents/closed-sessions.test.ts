import { type EventStore, quantity, type StreamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { expect, test } from 'vitest';
import { run, testWorld, untilStepped } from '../../kernel/workflow/test-world.ts';
import { testDesk } from '../test-kit/test-desk.ts';
import { residentsOf } from './index.ts';

const nvda = 'NVDA' as Ticker;
const quiet = { halt: () => undefined, unmatched: () => undefined };

test('a log that is read from its beginning costs no reading of the sessions that have closed', async () => {
  const world = testWorld();
  const desk = testDesk(world.eventStore);
  await desk.open(desk.limits);
  const streams: StreamName[] = [];
  const place = async () => {
    const placed = await desk.order({ symbol: nvda, qty: quantity.fromShares(streams.length + 1) });
    expect(placed.ok).toBe(true);
    const { date } = desk.still.market.session(desk.still.market.now());
    streams.push(`session-paper-${date}` as StreamName);
  };
  const traded = async () => {
    desk.still.wait({ seconds: 1 });
    await world.timer.advance(1_000);
    const { state } = await desk.store.refresh(streams.at(-1) as StreamName);
    expect(state.phase === 'open' && state.working.size).toBe(0);
  };
  for (let day = 0; day < 4; day++) {
    await place();
    if (day < 3) desk.still.wait({ hours: 24 });
  }
  const read = new Set<StreamName>();
  const eventStore: EventStore = {
    ...world.eventStore,
    readStream: (stream, options) => {
      read.add(stream);
      return world.eventStore.readStream(stream, options);
    },
  };
  const other = testDesk(eventStore, { still: desk.still, ids: '018b', replayed: false });
  const running = run(world, residentsOf(other.floor, [other], quiet));
  await untilStepped(world, running);
  await traded();
  // The one before is what the books of today are looked up in.
  expect(streams.filter((stream) => read.has(stream))).toEqual(streams.slice(-2));
  // A session that another process has opened is stepped like one of its own.
  desk.still.wait({ hours: 24 });
  await place();
  await untilStepped(world, running);
  await traded();
});
