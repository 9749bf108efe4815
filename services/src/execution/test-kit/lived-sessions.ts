import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import type { SessionEvent } from '../session/index.ts';
import { Died, type Moment, mortalStore } from './mortal-store.ts';
import { type Script, shortSessions } from './session-script.ts';
import { withShortSessions } from './short-sessions.ts';
import { testContext, testDesk, tuesdayNoon } from './test-desk.ts';
import {
  type Account,
  chosenBy,
  type Desk,
  inputOf,
  limitsOf,
  meansOf,
  off,
  type Wish,
} from './wishes.ts';

export type Life = {
  readonly script: Script;
  readonly wishes: readonly Wish[];
  readonly account: Account;
  readonly fillsOn: 'bars' | 'quotes';
};
export type Way = {
  readonly everySeconds: number;
  /** A new process takes over at each look. */
  readonly restarts?: boolean;
  /** Whether the process dies at its n-th append of all, and whether that took effect. */
  readonly dies?: (nth: number) => Moment | undefined;
};

/** Assessments so far: one more says that a change was asked for, whatever came of it. */
const assessments = async (store: EventStore, stream: StreamName): Promise<number> =>
  (await store.readStream(stream)).filter(({ type }) => type === 'RiskAssessed').length;

/** Deaths of one piece of work: each is one append further. */
const mostDeaths = 200;

/** What the sessions recorded, and how many appends there were in all. */
export type Lived = {
  readonly sessions: readonly (readonly SessionEvent[])[];
  readonly appends: number;
};

type Processes = Awaited<ReturnType<typeof processesOf>>;

/** One process after another over one log, each the next when one has died. */
const processesOf = async (market: MarketData, { account, fillsOn, dies }: Life & Way) => {
  const store = memoryEventStore({ now: () => tuesdayNoon });
  let [processes, appends] = [0, 0];
  const limits = limitsOf(account);
  const venue = { slippageBps: 5, ...(fillsOn === 'bars' && { bars: '1Min' as const }) };
  const nextDeath = () => {
    appends += 1;
    return dies?.(appends);
  };
  const begun = (): Desk => {
    const ids = (0x0189 + processes++).toString(16).padStart(4, '0');
    const desk = testDesk(mortalStore(store, nextDeath), { market, limits, ids, venue });
    return { ...desk, ...desk.deskOf('paper', account.cash) };
  };
  let desk = begun();
  /** What a process began that has died is done again by the next. */
  const done = async (work: (by: Desk) => Promise<unknown>): Promise<void> => {
    for (let deaths = 0; deaths < mostDeaths; deaths++) {
      try {
        await work(desk);
        return;
      } catch (error) {
        if (!(error instanceof Died)) throw error;
        await start();
      }
    }
    throw new Error('it dies again and again and gets no further');
  };
  const start = async (): Promise<void> => {
    desk = begun();
    await done((by) => by.open(limits));
  };
  await start();
  return { store, start, done, desk: () => desk, appends: () => appends };
};

const look = ({ done }: Processes) =>
  done(async (desk) => {
    await desk.sessions.current(testContext.metadata);
    for (const { stream } of await desk.sessions.open()) await desk.routing.step(stream);
  });

const change = async ({ store, done, desk }: Processes, market: MarketData, wish: Wish) => {
  const stream = (await desk().sessions.open()).at(-1)?.stream;
  const order = stream && (await chosenBy(wish, desk(), stream));
  if (stream === undefined || order === undefined) return;
  const { orderId: order_id, intent } = order;
  const before = await assessments(store, stream);
  await done(async ({ handlers }) => {
    if (wish.kind === 'cancel') {
      await handlers.CancelOrder({ order_id, reason: 'test' }, testContext);
      return;
    }
    if ((await assessments(store, stream)) > before) return;
    const last = await market.lastTrade(intent.symbol);
    const moved = intent.limitPrice !== null && last !== undefined;
    const terms = moved
      ? { limit_price: off(last.price, wish.offBps) }
      : { qty: quantity.fromShares(wish.shares) };
    await handlers.ReplaceOrder({ order_id, ...terms }, testContext);
  });
};

type Named = Wish & { readonly key: string };

const place = async ({ done, desk }: Processes, market: MarketData, wish: Named) => {
  const symbol = wish.symbol as Ticker;
  const last = await market.lastTrade(symbol);
  if (last === undefined) return;
  const means = await meansOf(desk(), symbol);
  const input = { ...inputOf(wish, last.price, means), idempotency_key: wish.key };
  await done(({ handlers }) => handlers.PlaceOrder(input, testContext));
};

const living = async (
  market: MarketData,
  goTo: (second: number) => void,
  life: Life & Way,
): Promise<Lived> => {
  const { script, everySeconds } = life;
  const sessions = Object.values(script.symbols)[0]?.length ?? 0;
  const end = script.minutes * 60 * sessions - 1;
  const looks = Array.from({ length: Math.ceil(end / everySeconds) }, (_, n) => n * everySeconds);
  const wishes = life.wishes
    .toSorted((a, b) => a.second - b.second)
    .map((wish, n): Named => ({ ...wish, key: `wish ${n}` }));
  const moments = [...new Set([...looks, ...wishes.map(({ second }) => second), end])];
  goTo(0);
  const processes = await processesOf(market, life);
  for (const second of moments.sort((a, b) => a - b)) {
    goTo(second);
    if (life.restarts === true) await processes.start();
    await look(processes);
    for (const wish of wishes.filter((each) => each.second === second))
      if (wish.kind === 'cancel' || wish.kind === 'replace') await change(processes, market, wish);
      else await place(processes, market, wish);
  }
  const streams = shortSessions(sessions).map(({ date }) => `session-paper-${date}` as StreamName);
  const recorded = await Promise.all(streams.map((stream) => processes.store.readStream(stream)));
  return {
    appends: processes.appends(),
    sessions: recorded.map((events) => events.map((each) => decodeEvent(sessionEvents, each))),
  };
};

/** Lives through all sessions of a script, in one way of looking at them. */
export const livedSessions = (life: Life, way: Way): Promise<Lived> =>
  withShortSessions(life.script, (market, goTo) => living(market, goTo, { ...life, ...way }));
