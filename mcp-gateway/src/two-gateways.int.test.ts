import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, type RecordedEvent } from '@sentinel/contracts/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLedger, place, verifyOrders, verifySessions } from './chaos/index.ts';
import { type TestClient, testClient } from './test-client.ts';
import { orderCount, startTwoHouses, type TwoHouses } from './test-two-houses.ts';

const orders = orderCount(300);
/** Reached well before the last order is fired. */
const messagesPerDay = Math.ceil(orders / 3);
const positionsAtMost = 7;
const callersAtEach = 4;
const patienceMs = 120_000 + orders * 200;

let houses: TwoHouses;
let one: TestClient;
let other: TestClient;

beforeAll(async () => {
  houses = await startTwoHouses({
    ...{ MAX_ORDERS_PER_SECOND: '1000000', MAX_ORDERS_PER_MINUTE: '1000000' },
    ...{ MAX_ORDERS_PER_DAY: `${messagesPerDay}`, MAX_POSITION_PCT: '1' },
    ...{ MAX_GROSS_EXPOSURE_PCT: '10', MAX_TRADE_RISK_PCT: '1', PAPER_STARTING_CASH: '10000000' },
    MAX_CONCURRENT_POSITIONS: `${positionsAtMost}`,
  });
  one = await testClient(houses.one);
  other = await testClient(houses.other);
}, 120_000);

afterAll(async () => {
  await Promise.all([one?.close(), other?.close()]);
  await houses?.dispose();
}, 120_000);

const sessionOf = (log: readonly RecordedEvent[]) =>
  log.flatMap((recorded) =>
    recorded.stream.startsWith('session-') ? [decodeEvent(sessionEvents, recorded)] : [],
  );

/** The most messages of a day and the most symbols in use at once, counted from the log alone. */
const counted = (log: readonly RecordedEvent[]) => {
  const open = new Map<string, string>();
  const held = new Set<string>();
  const most = { messages: 0, symbols: 0 };
  for (const { type, data } of sessionOf(log)) {
    if (type === 'OrderSubmitted') {
      open.set(data.orderId, data.intent.symbol);
      if (data.intent.side === 'buy') held.add(data.intent.symbol);
      most.messages += 1;
      most.symbols = Math.max(most.symbols, held.size);
    }
  }
  return most;
};

test(
  'of orders at two gateways none breaches a limit, none is done twice and none is lost',
  async () => {
    const ledger = openLedger();
    const calls = Array.from({ length: orders }, () => ledger.next());
    // Every call goes to both, under the same key, at about the same time.
    const through = async ({ client }: TestClient) => {
      const waiting = [...calls].reverse();
      const caller = async () => {
        for (let call = waiting.pop(); call !== undefined; call = waiting.pop()) {
          const answer = await place(client, call);
          if (answer.kind === 'acknowledged') ledger.acknowledge(call, answer.answer);
          else ledger.complain(`${call.key}: ${JSON.stringify(answer)}`);
        }
      };
      await Promise.all(Array.from({ length: callersAtEach }, caller));
    };
    await Promise.all([through(one), through(other)]);
    const log = await houses.readLog();
    const told = {
      acknowledged: ledger.acknowledged(),
      keys: new Set(calls.map(({ key }) => key)),
    };
    expect(ledger.complaints()).toEqual([]);
    expect(told.acknowledged.size).toBe(orders);
    expect(verifyOrders(log, told)).toEqual([]);
    expect(verifySessions(log)).toEqual([]);
    const most = counted(log);
    expect(most.messages).toBeLessThanOrEqual(messagesPerDay);
    expect(most.messages).toBeGreaterThan(positionsAtMost);
    expect(most.symbols).toBeLessThanOrEqual(positionsAtMost);
  },
  patienceMs,
);
