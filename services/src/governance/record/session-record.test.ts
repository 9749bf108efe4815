import { sessionEvents } from '@sentinel/contracts/execution';
import {
  type EventId,
  encodeEvent,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, systemClock } from '@sentinel/infra/runtime';
import { expect, test } from 'vitest';
import { tradingDay } from '../../execution/session/test-day.ts';
import { controlDecider } from '../../risk/control/decider.ts';
import { sessionRecords } from './session-record.ts';

const date = '2026-03-02' as TradingDate;
const stream = streamName('session', `paper-${date}`);
const metadata = {
  ...{ principal: 'test', client: 'test', tool: 'test' },
  ...{ correlationId: 'c', causationId: 'c' },
};

/** A session with an order of `fast` and one of nobody, in a log that counts its reads. */
const logOf = async () => {
  const eventStore = memoryEventStore({ now: systemClock });
  const newId = monotonicIds();
  const append = async (event: ReturnType<typeof encodeEvent>) =>
    eventStore.appendToStream(stream, [{ id: newId() as EventId, metadata, ...event }], 'any');
  const day = tradingDay();
  const fast = day.place({ shares: 1 });
  day.place({ shares: 2 });
  for (const event of day.events) {
    const isFast = event.type === 'OrderSubmitted' && event.data.orderId === fast;
    const intent = isFast && { ...event.data.intent, strategyId: 'fast' };
    const told = intent ? { ...event, data: { ...event.data, intent } } : event;
    await append(encodeEvent(sessionEvents, told));
  }
  let reads = 0;
  const counting: typeof eventStore = {
    ...eventStore,
    readStream: (...call) => {
      reads += 1;
      return eventStore.readStream(...call);
    },
  };
  const sessions = [{ stream, account: 'paper', date }];
  const paper = { openSessions: sessions, sessions, lastClosed: null, limits: null, bound: null };
  const state = { ...controlDecider.initialState, accounts: new Map([['paper', paper]]) };
  return {
    records: sessionRecords({ eventStore: counting, control: { refresh: async () => state } }),
    close: () => append({ type: 'SessionClosed', schemaVersion: 1, data: {} }),
    reads: () => reads,
  };
};

test('of an open session what is new is read, and of one that is closed nothing any more', async () => {
  const { records, close, reads } = await logOf();
  const [open] = (await records.since(date)).sessions;
  await close();
  await records.since(date);
  const whenClosed = reads();
  expect((await records.since(date)).sessions[0]?.entries).toEqual(open?.entries);
  expect(reads()).toBe(whenClosed);
});
