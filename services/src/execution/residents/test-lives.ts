import type { InputOf } from '@sentinel/contracts';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  type HaltId,
  money,
  type OrderId,
  price,
  quantity,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { sha256 } from '@sentinel/infra/runtime';
import { type Fault, type FaultyWorld, faultyWorld } from '../../kernel/workflow/test-kit.ts';
import { run, testWorld } from '../../kernel/workflow/test-world.ts';
import { ordinaryLimits } from '../../risk/fixtures.ts';
import { tradingDesk, tradingFloor } from '../desk.ts';
import { stillMarket } from '../test-kit/still-market.ts';
import { testContext, tuesdayNoon } from '../test-kit/test-desk.ts';
import { residentsOf } from './index.ts';

/** Every resident of an account `paper`, by its name. */
export const residents = [
  'halts',
  'expiry',
  'sessions-paper',
  'venue-paper',
  'guard-paper',
] as const;
export type ResidentName = (typeof residents)[number];

/** At which call of its life a process dies, before or after it took effect. */
export type Death = { readonly nth: number; readonly moment: Fault['moment'] };

const stepMs = 50;
const symbol = 'NVDA' as Ticker;

/**
 * A house whose residents run in a process each, and a user who is never killed. Market time, wall time
 * and the residents' timers pass together.
 */
export const livingHouse = (options: {
  readonly victim: ResidentName;
  /** How the victim's next life ends; undefined for one that lives on. */
  readonly nextDeath: () => Death | undefined;
  readonly timeoutBps?: number | undefined;
}) => {
  const world = testWorld();
  const still = stillMarket(tuesdayNoon);
  const { timeoutBps } = options;
  const faults = { rejectBps: 0, duplicateFillBps: 0, lateFillBps: 0, disconnectBps: 0 };
  /** The calls at which the victim has died. */
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
    const desk = tradingDesk(floor, {
      account: 'paper',
      startingCash: money.of('100000'),
      venue: {
        ...{ seed: 7, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
        ...(timeoutBps !== undefined && { faults: { ...faults, timeoutBps } }),
      },
    });
    return { floor, desk };
  };

  const live = (name: ResidentName): FaultyWorld => {
    const death = name === options.victim ? options.nextDeath() : undefined;
    const process = faultyWorld(world, (call, called) => {
      if (call !== death?.nth) return undefined;
      struck.push(`${death.moment} ${called}`);
      return { moment: death.moment };
    });
    processes += 1;
    const ids = (0x0190_0000 + processes).toString(16).padStart(8, '0');
    const { floor, desk } = houseOver(process.eventStore, ids);
    const ignored = { halt: () => undefined, unmatched: () => undefined };
    const own = residentsOf(floor, [desk], ignored).filter((each) => each.name === name);
    run(process, own, { owner: `${name} ${processes}` });
    return process;
  };

  const user = houseOver(world.eventStore, '01890000');
  const alive = new Map<ResidentName, FaultyWorld>();

  /** Lets time pass, and starts a new process for each that has died. */
  const pass = async (): Promise<void> => {
    for (const name of residents)
      if (alive.get(name)?.dead() !== false) alive.set(name, live(name));
    still.wait({ milliseconds: stepMs });
    await world.timer.advance(stepMs);
  };
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (let n = 0; n < 2_000; n++) {
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
  const place = async (input: Partial<InputOf<'PlaceOrder'>> & { readonly shares: number }) => {
    const { shares, ...rest } = input;
    const wish = { symbol, side: 'buy', order_type: 'market', time_in_force: 'day' } as const;
    const qty = quantity.fromShares(shares);
    const answer = await user.desk.handlers.PlaceOrder({ ...wish, ...rest, qty }, testContext);
    if (!answer.ok) throw new Error(answer.refusal.message);
    return answer.value.order.order_id;
  };
  return { world, still, user, struck, pass, until, session, statusOf, place };
};

type House = ReturnType<typeof livingHouse>;

/** The events of every stream that trading writes, in words in which no id and no time stands. */
export const toldOf = async ({ world }: House): Promise<readonly string[]> => {
  const all = await world.eventStore.readAll({ maxCount: 5_000 });
  return all.flatMap((recorded): readonly string[] => {
    const { stream, type } = recorded;
    if (!stream.startsWith('session-'))
      return type === 'EvidenceRecorded' ? [] : [`${stream} ${type}`];
    const { data } = decodeEvent(sessionEvents, recorded);
    const of = 'orderId' in data ? ` ${data.orderId}` : '';
    const shares = 'lastQuantity' in data ? ` ${quantity.format(data.lastQuantity)}` : '';
    const danger = 'danger' in data ? ` ${data.danger}` : '';
    const books = 'equity' in data ? ` ${money.format(data.equity)}` : '';
    return [`${stream} ${type}${of}${shares}${danger}${books}`];
  });
};

const dayHours = 24;
const haltIdOfUser = '018a0000-0000-7000-8000-00000000dead' as HaltId;

/** A day and two nights: fills, a cancel, orders that work on, a loss, halts, and two closings. */
export const tradingDays = async (house: House): Promise<void> => {
  const { user, still, until, session, statusOf, place } = house;
  await user.floor.open({
    ...ordinaryLimits,
    ...{ maxDailyDrawdownBps: 5, maxPositionBps: 1_000, duplicateWindowMs: 0 },
  });
  await until('a session', async () => (await session()) !== undefined);
  const settled = async (orderId: OrderId, statuses: readonly (string | undefined)[]) => {
    await until(`one of ${statuses}`, async () => statuses.includes(await statusOf(orderId)));
    return statusOf(orderId);
  };
  const bought = await place({ shares: 40 });
  const isHeld = (await settled(bought, ['filled', 'rejected'])) === 'filled';
  const limit = { order_type: 'limit', limit_price: price.of('98') } as const;
  const overnight = await place({ ...limit, shares: 3, time_in_force: 'gtc' });
  const ofTheDay = await place({ ...limit, shares: 5 });
  const unwanted = await place({ ...limit, shares: 7 });
  const known = ['accepted', 'rejected'];
  const worksOn = (await settled(overnight, known)) === 'accepted';
  await settled(ofTheDay, known);
  if ((await settled(unwanted, known)) === 'accepted') {
    await user.desk.handlers.CancelOrder({ order_id: unwanted, reason: 'enough' }, testContext);
    await settled(unwanted, ['canceled']);
  }
  // As one leaves it who died between the control stream and the session.
  const left = { haltId: haltIdOfUser, scope: 'symbol', target: 'MSFT', account: 'paper' } as const;
  const halt = { ...left, reason: 'left behind', engagedBy: 'human:test', engagedAt: tuesdayNoon };
  await user.floor.control.execute({ type: 'EngageHalt', halt }, testContext.metadata);
  await until(
    'the halt that was left behind',
    async () => ((await session())?.halts.length ?? 0) > 0,
  );
  still.move({ bid: '98.5', ask: '98.52' });
  await until('a halt', async () => (await session())?.halts.length === (isHeld ? 2 : 1));
  for (let night = 0; night < 2; night++) {
    const before = (await session())?.date;
    still.wait({ hours: dayHours });
    await until('the next session', async () => {
      const now = await session();
      return now !== undefined && now.date !== before && now.working.size === (worksOn ? 1 : 0);
    });
  }
  for (let n = 0; n < 100; n++) await house.pass();
};

const expiryMinutes = 15;

/** A halt whose release is asked for and granted by nobody. */
export const anUnansweredRequest = async (house: House): Promise<void> => {
  const { user, still, until, session } = house;
  await user.floor.open(ordinaryLimits);
  await until('a session', async () => (await session()) !== undefined);
  for (let n = 0; n < 3; n++) {
    const halt = { scope: 'symbol', target: symbol, reason: 'a look first' } as const;
    await user.desk.handlers.EngageHalt(halt, testContext);
    await until('the halt', async () => ((await session())?.halts.length ?? 0) > 0);
    await user.desk.handlers.RequestHaltRelease(halt, testContext);
    const pending = async () => (await user.floor.control.refresh()).releaseRequests.size;
    for (let m = 0; m < 10; m++) await house.pass();
    still.wait({ minutes: expiryMinutes });
    await house.world.timer.advance(expiryMinutes * 60_000);
    await until('the end of the request', async () => (await pending()) === 0);
  }
};
