import {
  type EventId,
  type EventStore,
  type Json,
  type NewEvent,
  quantity,
  streamName,
} from '@sentinel/contracts/kernel';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { startBareDatabase } from './bare-store.ts';
import { median } from './rounds.ts';
import { context, metadata, openSlowHouse, release, ticker } from './slow-house.ts';
import { atMost, say, type Verdict } from './verdict.ts';

const rounds = 15;
const warmUps = 12;
const orders = 30;
const latencyMs = 150;
/** When each order has its first answer of the market, and none has all that it needs. */
const underWayMs = 200;
/** Appends before the halt, and as many after it. */
const appendsEach = 3;
const silent = { info: () => undefined, warn: () => undefined };
const control = streamName('control');

type House = Awaited<ReturnType<typeof openSlowHouse>>;
type Stores = { readonly house: House; readonly store: EventStore };

/** What a halt appends: one event in the stream of controls, and the same in the session. */
const eventsOf = (data: Json): readonly NewEvent[] =>
  [1, 2].map(() => ({
    ...{ id: newId() as EventId, type: 'HaltEngaged', schemaVersion: 2, data, metadata },
  }));

/** Times single appends of a halt's events to a stream of nobody's else. */
const appendTimer = async (store: EventStore) => {
  const stream = streamName('bench', newId());
  let { version } = await store.appendToStream(stream, eventsOf({}), 'no-stream');
  return async (data: Json): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let n = 0; n < appendsEach; n++) {
      const events = eventsOf(data);
      const begin = performance.now();
      ({ version } = await store.appendToStream(stream, events, version));
      times.push(performance.now() - begin);
    }
    return times;
  };
};

/** The event of a halt as it stands in the log; it is what a single append is timed with. */
const lastHalt = async (store: EventStore): Promise<Json> => {
  const halt = (await store.readStream(control)).findLast(({ type }) => type === 'HaltEngaged');
  if (halt === undefined) throw new Error('a halt was acknowledged and does not stand in the log');
  return halt.data;
};

/** Orders that stand behind a halt in their session, and before the release that ended it. */
const ordersBehind = async (store: EventStore, { desk }: House): Promise<number> => {
  const [session] = await desk.sessions.open();
  if (session === undefined) throw new Error('no session is open');
  const types = (await store.readStream(session.stream)).map(({ type }) => type);
  const halted = types.lastIndexOf('HaltEngaged');
  if (halted === -1) throw new Error('the halt does not stand in the session');
  return types.slice(halted).filter((type) => type === 'OrderSubmitted').length;
};

/** One halt among orders that wait for the market, and appends right before and right behind it. */
const round = async (
  { house, store }: Stores,
  append: (data: Json) => Promise<readonly number[]>,
  data: Json,
) => {
  const { desk } = house;
  const placed = Array.from({ length: orders }, (_, n) =>
    desk.handlers.PlaceOrder(
      {
        symbol: ticker(n),
        qty: quantity.fromShares(1),
        side: 'buy',
        order_type: 'market',
        time_in_force: 'day',
      },
      context,
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, underWayMs));
  const before = await append(data);
  const begin = performance.now();
  const reason = 'a halt for the benchmark';
  const halt = await desk.handlers.EngageHalt({ scope: 'global', reason }, context);
  const haltMs = performance.now() - begin;
  if (!halt.ok || halt.value.already_engaged) throw new Error('the halt was not engaged');
  const appendMs = median([...before, ...(await append(data))]);
  const outcomes = await Promise.all(placed);
  const behind = await ordersBehind(store, house);
  const refused = outcomes.filter((each) => !each.ok && each.refusal.code === 'KILL_STATE').length;
  if (refused === 0) throw new Error('no order was under way when the halt came');
  await release(house);
  return { haltMs, appendMs, ratio: haltMs / appendMs, behind, refused };
};

/** How soon a halt is acknowledged while orders wait for a slow market, on the real store. */
export const measureHalt = async (): Promise<readonly Verdict[]> => {
  const database = await startBareDatabase();
  const { connectionString } = database;
  const store = await openPostgresEventStore({ connectionString, now: systemClock, log: silent });
  try {
    const house = await openSlowHouse(store, latencyMs);
    const append = await appendTimer(store);
    const measured: Awaited<ReturnType<typeof round>>[] = [];
    let data: Json = {};
    for (let n = 0; n < warmUps + rounds; n++) {
      const each = await round({ house, store }, append, data);
      data = await lastHalt(store);
      if (n >= warmUps) measured.push(each);
    }
    const middle = (of: 'haltMs' | 'appendMs' | 'ratio' | 'refused') =>
      median(measured.map((each) => each[of]));
    const behind = measured.reduce((sum, each) => sum + each.behind, 0);
    say(
      `halt with ${orders} orders under way on a market that takes ${latencyMs} ms: acknowledged after ${middle('haltMs').toFixed(2)} ms, one append of its events ${middle('appendMs').toFixed(2)} ms; ${middle('refused')} of the orders refused`,
    );
    return [
      atMost(1.5, 'halt with orders under way, over one append of its events', middle('ratio')),
      atMost(0, 'orders that stand in the log behind the halt', behind),
    ];
  } finally {
    await store.close();
    await database.stop();
  }
};
