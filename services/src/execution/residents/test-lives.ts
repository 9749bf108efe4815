import type { InputOf } from '@sentinel/contracts';
import { type EventStore, money, type OrderId, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { sha256 } from '@sentinel/infra/runtime';
import {
  type Fault,
  type FaultyWorld,
  faultyWorld,
  type World,
} from '../../kernel/workflow/test-kit.ts';
import { run, testWorld } from '../../kernel/workflow/test-world.ts';
import { tradingDesk, tradingFloor } from '../desk.ts';
import { stillMarket } from '../test-kit/still-market.ts';
import { testContext } from '../test-kit/test-desk.ts';
import { residentsOf } from './index.ts';

/** Every resident of an account `paper`, by its name. */
export const residents = [
  'halts',
  'expiry',
  'sessions-paper',
  'venue-paper',
  'guard-paper',
  'wind-down-paper',
] as const;
export type ResidentName = (typeof residents)[number];

/** What befalls one process at its n-th call, if anything. */
export type Life = (call: number, name: string) => Fault | undefined;

const stepMs = 50;
export const symbol = 'NVDA' as Ticker;
/** An hour before the next session, so that a night is short for an order that rests. */
export const lateTuesday = Temporal.Instant.from('2026-03-04T04:00:00Z');

/** Who holds which lease, and what was sent by those who had lost theirs to another. */
const witness = (world: World) => {
  const holders = new Map<string, string>();
  const strays: string[] = [];
  return {
    strays,
    /** The world in which it is seen who takes a lease. */
    world: {
      ...world,
      workflowStore: {
        ...world.workflowStore,
        acquire: async (name: string, owner: string, ttlMs: number) => {
          const lease = await world.workflowStore.acquire(name, owner, ttlMs);
          if (lease !== undefined) holders.set(name, owner);
          return lease;
        },
      },
    },
    /** A store that is told what the owner sends, before any of it is on its way. */
    over: (eventStore: EventStore, name: string, owner: string): EventStore => ({
      ...eventStore,
      appendToStream: (stream, events, expected) => {
        // Evidence is named by what it holds: whoever writes it writes the same.
        if (holders.get(name) !== owner && !stream.startsWith('evidence-'))
          strays.push(`${owner}: ${events.map(({ type }) => type)} in ${stream}`);
        return eventStore.appendToStream(stream, events, expected);
      },
    }),
  };
};

/**
 * A house whose residents run in a process each, and a user to whom nothing happens. Market time, wall
 * time and the residents' timers pass together.
 */
export const livingHouse = (options: {
  readonly victim: ResidentName;
  /** How many processes there are for the victim's one lease. */
  readonly processes: number;
  /** What befalls the next of them. */
  readonly nextLife: () => Life;
  readonly timeoutBps?: number | undefined;
}) => {
  const base = testWorld();
  const seen = witness(base);
  const world = { ...base, ...seen.world };
  const still = stillMarket(lateTuesday);
  /** What has befallen the victim, and at which calls. */
  const struck: string[] = [];
  let processes = 0;

  const houseOver = (eventStore: EventStore, ids: string) => {
    let count = 0;
    const floor = tradingFloor({
      eventStore,
      market: still.market,
      findStrategy: async () => undefined,
      findSignal: async () => undefined,
      newId: () => `${ids}-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`,
      digest: sha256,
      codeDigest: sha256('code'),
      now: still.market.now,
    });
    return { floor, desk: tradingDesk(floor, accountWith(options.timeoutBps)) };
  };

  const live = (name: ResidentName): FaultyWorld => {
    const life = name === options.victim ? options.nextLife() : undefined;
    const process = faultyWorld(world, (call, called) => {
      const fault = life?.(call, called);
      if (fault !== undefined) struck.push(`${fault.moment} ${called}`);
      return fault;
    });
    processes += 1;
    const ids = (0x0190_0000 + processes).toString(16).padStart(8, '0');
    const owner = `${name} ${processes}`;
    const { floor, desk } = houseOver(seen.over(process.eventStore, name, owner), ids);
    const ignored = { halt: () => undefined, unmatched: () => undefined };
    const own = residentsOf(floor, [desk], ignored).filter((each) => each.name === name);
    run(process, own, { owner });
    return process;
  };

  const user = houseOver(world.eventStore, '01890000');
  const places = residents.flatMap((name) =>
    Array.from({ length: name === options.victim ? options.processes : 1 }, () => ({
      name,
      process: undefined as FaultyWorld | undefined,
    })),
  );

  /** Lets time pass, and starts a new process for each that has died. */
  const pass = async (): Promise<void> => {
    for (const place of places)
      if (place.process?.dead() !== false) place.process = live(place.name);
    still.wait({ milliseconds: stepMs });
    await base.timer.advance(stepMs);
  };
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (let n = 0; n < 4_000; n++) {
      if (await holds()) return;
      await pass();
    }
    throw new Error(`not in time: ${what}`);
  };
  const session = async () => {
    await user.floor.control.refresh();
    const open = (await user.desk.sessions.open()).at(-1);
    if (open === undefined) return undefined;
    const { state } = await user.floor.store.refresh(open.stream);
    return state.phase === 'open' ? state : undefined;
  };
  const statusOf = async (orderId: OrderId) => (await session())?.orders.get(orderId)?.status;
  const settled = async (orderId: OrderId, statuses: readonly (string | undefined)[]) => {
    await until(`one of ${statuses}`, async () => statuses.includes(await statusOf(orderId)));
    return statusOf(orderId);
  };
  const place = async (input: Partial<InputOf<'PlaceOrder'>> & { readonly shares: number }) => {
    const { shares, ...rest } = input;
    const wish = { symbol, side: 'buy', order_type: 'market', time_in_force: 'day' } as const;
    const qty = quantity.fromShares(shares);
    const answer = await user.desk.handlers.PlaceOrder({ ...wish, ...rest, qty }, testContext);
    if (!answer.ok) throw new Error(answer.refusal.message);
    return answer.value.order.order_id;
  };
  const { strays } = seen;
  return { world, still, user, struck, strays, pass, until, session, settled, place };
};

export type House = ReturnType<typeof livingHouse>;

const accountWith = (timeoutBps: number | undefined) => {
  const faults = { rejectBps: 0, duplicateFillBps: 0, lateFillBps: 0, disconnectBps: 0 };
  return {
    account: 'paper',
    startingCash: money.of('100000'),
    venue: {
      ...({ seed: 7, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' } as const),
      ...(timeoutBps !== undefined && { faults: { ...faults, timeoutBps } }),
    },
  };
};
