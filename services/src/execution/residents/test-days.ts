import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type HaltId,
  money,
  type OrderId,
  price,
  quantity,
} from '@sentinel/contracts/kernel';
import type { Halt } from '@sentinel/contracts/risk';
import { ordinaryLimits } from '../../risk/fixtures.ts';
import { sessionOf } from '../sessions/session-books.ts';
import { testContext } from '../test-kit/test-desk.ts';
import { type House, lateTuesday, symbol } from './test-lives.ts';

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

const haltOf = (n: number, target: string): Halt => ({
  haltId: `018a0000-0000-7000-8000-00000000000${n}` as HaltId,
  scope: 'symbol',
  target,
  account: 'paper',
  reason: 'left behind',
  engagedBy: 'human:test',
  engagedAt: lateTuesday,
});

/** Halts as those leave them who died between the control stream and the session, either way round. */
const leftBehind = async ({ user, until, session }: House): Promise<void> => {
  const { control, store } = user.floor;
  const open = await session();
  if (open === undefined) throw new Error('no session');
  const { stream } = sessionOf('paper', open.date);
  const { metadata } = testContext;
  await control.execute({ type: 'EngageHalt', halt: haltOf(1, 'MSFT') }, metadata);
  await store.insist(stream, { type: 'EngageHalt', halt: haltOf(2, 'AAPL') }, metadata);
  await until('both halts on both sides', async () => {
    const halts = (await session())?.halts ?? [];
    return halts.length === 2 && (await control.refresh()).halts.length === 2;
  });
};

/** Cancels an order that works, and waits for its end. */
const cancel = async ({ user, settled }: House, orderId: OrderId): Promise<void> => {
  await user.desk.handlers.CancelOrder({ order_id: orderId, reason: 'enough' }, testContext);
  await settled(orderId, ['canceled']);
};

const daysAway = 3;

/**
 * A night with an order that works on, and days on which nobody is there: fills, cancels, a loss, halts,
 * and closings.
 */
export const tradingDays = async (house: House): Promise<void> => {
  const { user, still, until, session, settled, place } = house;
  await user.floor.open({
    ...ordinaryLimits,
    ...{ maxDailyDrawdownBps: 5, maxPositionBps: 1_000, duplicateWindowMs: 0 },
  });
  await until('a session', async () => (await session()) !== undefined);
  const bought = await place({ shares: 40 });
  const isHeld = (await settled(bought, ['filled', 'rejected'])) === 'filled';
  const limit = { order_type: 'limit', limit_price: price.of('98') } as const;
  const overnight = await place({ ...limit, shares: 3, time_in_force: 'gtc' });
  const ofTheDay = await place({ ...limit, shares: 5 });
  const unwanted = await place({ ...limit, shares: 7 });
  const known = ['accepted', 'rejected'];
  const worksOn = (await settled(overnight, known)) === 'accepted';
  await settled(ofTheDay, known);
  if ((await settled(unwanted, known)) === 'accepted') await cancel(house, unwanted);
  await leftBehind(house);
  still.move({ bid: '98.5', ask: '98.52' });
  await until('a halt', async () => (await session())?.halts.length === (isHeld ? 3 : 2));
  const next = async (working: number) => {
    const before = (await session())?.date;
    return until('the next session', async () => {
      const now = await session();
      return now !== undefined && now.date !== before && now.working.size === working;
    });
  };
  still.wait({ hours: 1 });
  await next(worksOn ? 1 : 0);
  if (worksOn) await cancel(house, overnight);
  still.wait({ hours: 24 * daysAway });
  await next(0);
  await until('the last of them', async () => {
    const now = await session();
    return now?.date === '2026-03-07';
  });
  for (let n = 0; n < 100; n++) await house.pass();
};

const expiryMinutes = 15;

/** Halts whose release is asked for and granted by nobody, while the clock jumps. */
export const unansweredRequests = async (house: House): Promise<void> => {
  const { user, still, until, session } = house;
  await user.floor.open(ordinaryLimits);
  await until('a session', async () => (await session()) !== undefined);
  const pending = async () => (await user.floor.control.refresh()).releaseRequests.size;
  for (let n = 0; n < 3; n++) {
    const halt = { scope: 'symbol', target: symbol, reason: 'a look first' } as const;
    await user.desk.handlers.EngageHalt(halt, testContext);
    await until('the halt', async () => ((await session())?.halts.length ?? 0) > 0);
    await user.desk.handlers.RequestHaltRelease(halt, testContext);
    for (let m = 0; m < 10; m++) await house.pass();
    still.wait({ minutes: expiryMinutes });
    await until('the end of the request', async () => (await pending()) === 0);
  }
};

/** A position with exits and one without are closed, together with orders that only open. */
export const windingDown = async (house: House): Promise<void> => {
  const { user, still, until, session, settled, place } = house;
  const { handlers } = user.desk;
  await user.floor.open({ ...ordinaryLimits, maxPositionBps: 1_000, duplicateWindowMs: 0 });
  await until('a session', async () => (await session()) !== undefined);
  const flat = async () => {
    const now = await session();
    return now !== undefined && now.positions.size === 0 && now.working.size === 0;
  };
  const done = async () =>
    [...((await session())?.windDowns.values() ?? [])].every(({ outcome }) => outcome === 'done');
  const exits = { take_profit: price.of('120'), stop_loss: price.of('80') };
  for (let n = 0; n < 3; n++) {
    const bought = await place({ shares: 40 + n, ...exits });
    const resting = await place({
      ...{ order_type: 'limit', limit_price: price.of('90'), shares: 3 + n },
    });
    await settled(bought, ['filled', 'rejected']);
    await settled(resting, ['accepted', 'rejected']);
    const wish = { idempotency_key: `wish ${n}` };
    if (n < 2) await handlers.FlattenAll(wish, testContext);
    else await handlers.ClosePosition({ symbol, ...wish }, testContext);
    await until('nothing held', flat);
    await until('the end of the wish', done);
    still.wait({ minutes: 2 });
  }
  for (let n = 0; n < 20; n++) await house.pass();
};
