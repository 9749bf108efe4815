import type { WindDown } from '@sentinel/contracts/execution';
import { money, type OrderId, price, type WindDownId } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { noon, nvda } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { leftOf, type Session } from './index.ts';
import { dayAfter, tradingDay } from './test-day.ts';
import { clearTheWay, requestWindDown } from './wind-down.ts';

const at = (text: string) => price.of(text);
const [amd, msft] = ['AMD', 'MSFT'].map((symbol) => symbol as Ticker) as [Ticker, Ticker];
const idOf = (n: number) => `01890000-0000-7000-8000-0000000000${n}` as WindDownId;
type Day = ReturnType<typeof tradingDay>;
type Wish = Partial<WindDown> & Pick<WindDown, 'kind'>;
type Earlier = Partial<WindDown> | null;

const second = (n: number) => noon.add({ seconds: n });
/** The first wish of a session has the id 10, the next 11. */
const asking = (wish: Wish, session: Session, earlierUse: Earlier = null) => ({
  type: 'RequestWindDown' as const,
  wish: {
    ...{ windDownId: idOf(10 + session.windDowns.size), symbol: null, givenReason: null },
    ...{ requestedBy: 'test', idempotencyKey: null, at: second(10), ...wish },
  },
  earlierUse: earlierUse as WindDown | null,
});
/** Asks a day to wind down; answers the types of what comes of it, or throws the code of the refusal. */
const ask = (day: Day, wish: Wish, earlierUse: Earlier = null) =>
  day.take(asking(wish, day.session(), earlierUse)).map(({ type }) => type);
const cancelAll = { kind: 'cancel_all' } as const;
const flatten = { kind: 'flatten_all' } as const;
const closeOf = (symbol: Ticker) => ({ kind: 'close_position', symbol }) as const;
const outcomes = (day: Day) => [...day.session().windDowns.values()].map(({ outcome }) => outcome);
const canceledFor = (day: Day) =>
  day.events.flatMap((event) => (event.type === 'OrderPendingCancel' ? [event.data.orderId] : []));

const limitAt = (text: string) => ({ orderType: 'limit', limitPrice: at(text) }) as const;
const stopAt = (text: string) => ({ orderType: 'stop', triggerPrice: at(text) }) as const;
const resting = (day: Day, symbol = nvda, at = 2) =>
  day.place({ shares: 10, symbol, ...limitAt('90') }, at);
/** A day that holds ten shares of NVDA, or is short of so many. */
const holding = (side: 'buy' | 'sell_short' = 'buy') => {
  const day = tradingDay();
  day.place({ shares: 10, side });
  day.quote('100/100', 1);
  return day;
};
const clear = (day: Day, symbol: Ticker, windDownId = idOf(10)) =>
  day.take({ type: 'ClearTheWay', windDownId, symbol, at: second(11) });
const says = (day: Day, orderId: OrderId, execType: 'canceled' | 'unknown') => {
  const about = { orderId, venueOrderId: null, at: second(12), reason: 'said so' };
  return day.take({ type: 'ReportVenue', reports: [{ ...about, execType }] });
};
/** The session as if the order got out of a position for whoever winds down. */
const asClosing = ({ session }: Day, orderId: OrderId): Session => {
  const order = session().working.get(orderId);
  if (order === undefined) throw new Error('the order does not work');
  const closing = { ...order, windDownId: idOf(10) };
  return { ...session(), working: session().working.with(orderId, closing) };
};
const canceledIn = (decision: ReturnType<typeof requestWindDown>) =>
  decision.ok
    ? decision.value.flatMap((event) =>
        event.type === 'OrderPendingCancel' ? [event.data.orderId] : [],
      )
    : decision.refusal.code;

describe('whoever closes a position', () => {
  test.each([
    ['buy', '90', 'sell', '95'],
    ['sell_short', '110', 'buy', '105'],
  ] as const)(
    'that was opened by a %s keeps what protects it, and no order that opens more',
    (side, more, closes, stop) => {
      const day = holding(side);
      const protects = day.place({ shares: 10, side: closes, ...stopAt(stop) }, 2);
      const opens = day.place({ shares: 5, side, ...limitAt(more) }, 2);
      const elsewhere = resting(day, msft);
      ask(day, closeOf(nvda));
      expect(canceledFor(day)).toEqual([opens]);
      expect([day.status(protects), day.status(elsewhere)]).toEqual(['submitted', 'submitted']);
    },
  );

  test('cancels every order of a symbol of which nothing is held, and is done with the last of them', () => {
    const day = tradingDay();
    const orders = [resting(day), resting(day)] as const;
    ask(day, closeOf(nvda));
    expect(canceledFor(day)).toEqual(orders);
    says(day, orders[0], 'canceled');
    expect(outcomes(day)).toEqual([null]);
    says(day, orders[1], 'canceled');
    expect(outcomes(day)).toEqual(['done']);
  });

  test('cancels a closing order as well that would only open, since what it was to close is gone', () => {
    const day = holding();
    const closing = day.place({ shares: 10, side: 'sell' }, 2);
    const left = (session: Session) =>
      canceledIn(requestWindDown(asking(flatten, session), session));
    expect(left(asClosing(day, closing))).toEqual([]);
    expect(left({ ...asClosing(day, closing), positions: new Map() })).toEqual([closing]);
  });

  test('has nothing to do where nothing is held and nothing works', () => {
    const day = tradingDay();
    expect(ask(day, flatten)).toEqual(['WindDownRequested', 'WindDownEnded']);
    expect(outcomes(day)).toEqual(['done']);
  });

  test('is told what is held instead where there is nothing to close', () => {
    const told = (day: Day) => {
      const decision = requestWindDown(asking(closeOf(amd), day.session()), day.session());
      return decision.ok ? undefined : decision.refusal;
    };
    const refused = { code: 'NOTHING_TO_CLOSE' };
    expect(told(tradingDay())).toMatchObject({ ...refused, remedy: 'Nothing at all is held.' });
    expect(told(holding())).toMatchObject({ ...refused, remedy: 'Close one of NVDA.' });
  });
});

describe('whoever cancels all', () => {
  test('is done at once where no order works, though something is held', () => {
    const day = holding();
    expect(ask(day, cancelAll)).toEqual(['WindDownRequested', 'WindDownEnded']);
    expect(outcomes(day)).toEqual(['done']);
  });

  test('calls off what waits to be closed, and is done: no order that comes later is canceled for it', () => {
    const day = holding();
    ask(day, closeOf(nvda));
    ask(day, cancelAll);
    expect(outcomes(day)).toEqual(['revoked', 'done']);
    const later = resting(day, nvda, 11);
    clear(day, nvda, idOf(11));
    expect(day.status(later)).toBe('submitted');
  });

  test('of one symbol calls off no wish that is about others too', () => {
    const day = holding();
    resting(day, msft);
    ask(day, closeOf(nvda));
    ask(day, closeOf(msft));
    ask(day, flatten);
    ask(day, { ...cancelAll, symbol: nvda });
    expect(outcomes(day)).toEqual(['revoked', null, null, 'done']);
  });

  test('calls off nothing that was called off or done before', () => {
    const day = holding();
    ask(day, closeOf(nvda));
    ask(day, cancelAll);
    expect(ask(day, cancelAll)).toEqual(['WindDownRequested', 'WindDownEnded']);
  });

  test('cancels closing orders too', () => {
    const day = holding();
    const closing = day.place({ shares: 10, side: 'sell' }, 2);
    const session = asClosing(day, closing);
    expect(canceledIn(requestWindDown(asking(cancelAll, session), session))).toEqual([closing]);
  });

  test('cancels no order that comes later, though one of unknown outcome goes on for long', () => {
    const day = tradingDay();
    const lost = resting(day);
    says(day, lost, 'unknown');
    ask(day, { ...cancelAll, at: second(20) });
    const later = resting(day, msft, 21);
    for (const symbol of [nvda, msft]) expect(clear(day, symbol)).toEqual([]);
    expect(canceledFor(day)).toEqual([lost]);
    says(day, lost, 'canceled');
    expect([...outcomes(day), day.status(later)]).toEqual(['done', 'submitted']);
  });

  test('cancels the exits too that an order sets out which fills before its cancel arrives', () => {
    const day = tradingDay();
    const exits = { takeProfit: at('120'), stopLoss: at('80') };
    const order = day.place({ shares: 10, exits }, 2);
    ask(day, cancelAll);
    day.quote('100/100', 10.01);
    expect([day.status(order), outcomes(day)]).toEqual(['filled', [null]]);
    clear(day, nvda);
    expect(canceledFor(day)).toHaveLength(3);
  });

  test('cancels exits that work on from the day before, of an order that filled then', () => {
    const day = tradingDay();
    const exits = { takeProfit: at('120'), stopLoss: at('80') };
    day.place({ shares: 10, exits });
    day.quote('100/100', 1);
    const next = dayAfter(day, '100', []);
    ask(next, cancelAll);
    expect(canceledFor(next)).toHaveLength(2);
  });

  test('cancels what is there, though the clock of whoever asks lags behind', () => {
    const day = tradingDay();
    const order = resting(day, nvda, 10.5);
    ask(day, cancelAll);
    expect([canceledFor(day), outcomes(day)]).toEqual([[order], [null]]);
    expect(leftOf([...day.session().windDowns.values()][0] as WindDown, day.session())).toEqual([
      nvda,
    ]);
  });

  test('asks for no cancel twice', () => {
    const day = tradingDay();
    const orders = [resting(day), resting(day), resting(day)] as const;
    day.cancel(orders[0], 3);
    day.cancel(orders[1], 3);
    says(day, orders[1], 'unknown');
    ask(day, cancelAll);
    expect(canceledFor(day)).toEqual(orders);
  });

  test('has so many canceled at once as one append holds, and the rest right after', () => {
    const day = tradingDay();
    for (let n = 0; n < 402; n++) day.place({ shares: 1, ...limitAt('90') }, n);
    day.place({ shares: 1, symbol: msft, ...limitAt('90') }, 402);
    ask(day, { ...cancelAll, at: second(500) });
    expect(canceledFor(day)).toHaveLength(400);
    clear(day, nvda);
    expect(canceledFor(day)).toHaveLength(402);
    clear(day, msft);
    expect(canceledFor(day)).toHaveLength(403);
  });
});

test('a wish that comes once its session has ended is of its last moment', () => {
  const day = holding();
  const end = day.session().endsAt;
  ask(day, { ...cancelAll, at: end?.add({ seconds: 1 }) ?? noon });
  const times = day.events.slice(-2).map((event) => 'at' in event.data && `${event.data.at}`);
  expect(times).toEqual([`${end}`, `${end}`]);
  const endless = { ...day.session(), endsAt: null };
  expect(requestWindDown(asking(cancelAll, endless), endless).ok).toBe(true);
});

describe('before a closing order', () => {
  const way = (day: Day, session = day.session(), symbol = nvda) =>
    canceledIn(
      clearTheWay({ type: 'ClearTheWay', windDownId: idOf(10), symbol, at: second(11) }, session),
    );

  test('all of its symbol is canceled that still works, but no closing order', () => {
    const day = holding();
    const [stop, other, elsewhere] = [
      day.place({ shares: 6, side: 'sell', ...stopAt('95') }, 2),
      day.place({ shares: 4, side: 'sell', ...stopAt('94') }, 2),
      day.place({ shares: 10, symbol: msft, ...stopAt('120') }, 2),
    ] as const;
    ask(day, closeOf(nvda));
    expect(way(day)).toEqual([stop, other]);
    expect(way(day, asClosing(day, other))).toEqual([stop]);
    expect(day.status(elsewhere)).toBe('submitted');
  });

  test('what came after the wish to close is canceled too', () => {
    const day = holding();
    ask(day, flatten);
    const later = day.place({ shares: 10, side: 'sell', ...stopAt('95') }, 11);
    expect(way(day)).toEqual([later]);
  });

  test('a wish to cancel all cancels closing orders too', () => {
    const day = holding();
    const closing = day.place({ shares: 10, side: 'sell' }, 2);
    resting(day, msft);
    ask(day, { ...cancelAll, symbol: msft });
    ask(day, cancelAll);
    expect(canceledFor(day)).toContain(closing);
    const late = resting(day, msft, 10);
    const clearing = { type: 'ClearTheWay', windDownId: idOf(11), symbol: msft } as const;
    const cleared = clearTheWay({ ...clearing, at: second(11) }, asClosing(day, late));
    expect(canceledIn(cleared)).toEqual([late]);
  });

  test('nothing is canceled for a wish that nobody has, or that is over', () => {
    const day = tradingDay();
    ask(day, flatten);
    resting(day, nvda, 11);
    expect(clear(day, nvda, idOf(10))).toEqual([]);
    expect(clear(day, nvda, idOf(99))).toEqual([]);
  });
});

describe('the key of a wish', () => {
  const key = { idempotencyKey: 'k' };
  const reused = 'IDEMPOTENCY_KEY_REUSED';

  test('makes it one wish, however often it is told', () => {
    const day = holding();
    ask(day, { ...closeOf(nvda), ...key });
    expect(ask(day, { ...closeOf(nvda), ...key })).toEqual([]);
    expect(ask(holding(), { ...closeOf(nvda), ...key }, closeOf(nvda))).toEqual([]);
  });

  test.each([
    ['another kind', { ...cancelAll, symbol: nvda }],
    ['another symbol', closeOf(msft)],
  ])('is refused for a wish of %s', (_, other) => {
    const day = holding();
    ask(day, { ...closeOf(nvda), ...key });
    expect(() => ask(day, { ...other, ...key })).toThrow(reused);
  });

  test('is refused when an order or a new beginning of the account has used it', () => {
    const day = tradingDay();
    const refused = (session: Session) =>
      canceledIn(requestWindDown(asking({ ...flatten, ...key }, session), session));
    const { keys } = day.session();
    const paramsDigest = testDigest('order');
    const used = { key: 'k', orderId: '' as OrderId, paramsDigest, at: noon };
    expect(refused(day.session())).toEqual([]);
    expect(refused({ ...day.session(), keys: keys.with('k', used) })).toBe(reused);
    const by = { givenReason: null, requestedBy: 'test', cash: money.of('1000'), at: noon };
    day.take({ type: 'ResetPaper', ...by, ...key });
    expect(refused(day.session())).toBe(reused);
  });

  test('is a new one beside wishes of other keys', () => {
    const day = holding();
    resting(day, msft);
    ask(day, { ...closeOf(nvda), ...key });
    ask(day, { ...closeOf(msft), idempotencyKey: 'other' });
    expect(day.session().windDowns.size).toBe(2);
  });
});

test('what is left of a wish stands in the order of the alphabet', () => {
  const day = holding();
  resting(day, msft);
  resting(day, amd);
  const wish = { kind: 'flatten_all', symbol: null, at: second(10) } as WindDown;
  expect(leftOf(wish, day.session())).toEqual([amd, msft, nvda]);
  expect(leftOf({ ...wish, symbol: msft }, day.session())).toEqual([msft]);
  expect(leftOf({ ...wish, kind: 'cancel_all' }, day.session())).toEqual([amd, msft]);
});
