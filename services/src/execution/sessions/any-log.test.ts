import {
  isBefore,
  type Money,
  money,
  notional,
  type Price,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyPatienceMs, propertyRuns } from '../../kernel/test-property-runs.ts';
import type { SessionEvent } from '../session/index.ts';
import { beside, moneyOf, orderViews, shownBy } from '../session/test-views.ts';
import { anyLife, ofCash, ofMargin } from '../test-kit/any-sessions.ts';
import { type Life, type Lived, livedSessions } from '../test-kit/lived-sessions.ts';
import { type CentBar, type Script, shortSessions } from '../test-kit/session-script.ts';

const minuteMs = 60_000;
const inCents = (cents: number): bigint => BigInt(cents) * 10_000n;

/** Shares of a session that stand for one of the script, whose prices are in those of its last day. */
const sharesAfter = ({ splits }: Script, symbol: string, session: number): bigint =>
  splits
    .filter((each) => each.symbol === symbol && each.session > session)
    .reduce((all, { newShares }) => all * BigInt(newShares), 1n);

/**
 * The last close of a symbol at the end of a session, reckoned from the script alone: in the shares of
 * that session, without the dividends that were paid on them since it was printed.
 */
const lastClose = (script: Script, symbol: string, session: number): Price => {
  const closes =
    script.symbols[symbol]?.map((minutes) => minutes.findLast((bar) => bar !== null)) ?? [];
  const printed = closes.findLastIndex((bar, n) => bar !== undefined && n <= session);
  const first = inCents(printed === -1 ? 10_000 : (closes[printed] as CentBar).close);
  const left = script.dividends
    .filter((each) => each.symbol === symbol && each.session > printed && each.session <= session)
    .reduce((micros, { cents }) => (micros > inCents(cents) ? micros - inCents(cents) : 1n), first);
  return (left * sharesAfter(script, symbol, session)) as Price;
};

type Books = { cash: Money; readonly held: Map<string, Quantity> };

/** Cash and shares as they follow from executions, payments and fees, one event after another. */
const booked = ({ cash, held }: Books, { type, data }: SessionEvent): Books => {
  switch (type) {
    case 'OrderFilled':
    case 'OrderPartiallyFilled': {
      const { side, symbol, lastPrice, lastQuantity, fees } = data;
      const traded = side === 'buy' ? lastQuantity : quantity.negate(lastQuantity);
      const before = held.get(symbol) ?? quantity.zero;
      const paid = notional(lastPrice, traded, 'half-even');
      return {
        cash: money.subtract(cash, money.add(paid, fees)),
        held: new Map([...held, [symbol, quantity.add(before, traded)]]),
      };
    }
    case 'CorporateActionApplied': {
      const { symbol, split, dividend } = data.action;
      const before = held.get(symbol) ?? quantity.zero;
      const after =
        split === null ? before : (before * BigInt(split.newShares)) / BigInt(split.oldShares);
      const paid = dividend === null ? money.zero : notional(dividend, before, 'half-even');
      return {
        cash: money.add(cash, paid),
        held: new Map([...held, [symbol, after as Quantity]]),
      };
    }
    case 'BorrowFeeCharged':
      return { cash: money.subtract(cash, data.fee), held };
    default:
      return { cash, held };
  }
};

const addUp = ({ script, account }: Life, { sessions }: Lived): void => {
  let books: Books = { cash: money.of(account.cash), held: new Map() };
  let equity = money.of(account.cash);
  let ofDays = money.zero;
  sessions.forEach((events, n) => {
    const [opened] = events;
    if (opened?.type !== 'SessionOpened') throw new Error('a session was left out');
    expect(opened.data.equity).toBe(equity);
    for (const event of events) {
      books = booked(books, event);
      if ('cash' in event.data) expect(event.data.cash).toBe(books.cash);
      if (event.type !== 'SessionClosed') continue;
      const worth = [...books.held].map(([symbol, shares]) =>
        notional(lastClose(script, symbol, n), shares, 'half-even'),
      );
      expect(event.data.equity).toBe(money.add(books.cash, ...worth));
      ofDays = money.add(ofDays, money.subtract(event.data.equity, opened.data.equity));
      equity = event.data.equity;
    }
  });
  expect(money.add(money.of(account.cash), ofDays)).toBe(equity);
};

const isDated = ({ sessions }: Lived): void => {
  for (const events of sessions) {
    const [opened] = events;
    if (opened?.type !== 'SessionOpened') throw new Error('a session was left out');
    const { at, endsAt } = opened.data;
    for (const { data } of events) {
      if (!('at' in data)) continue;
      expect(isBefore(data.at, at)).toBe(false);
      expect(endsAt !== null && isBefore(endsAt, data.at)).toBe(false);
    }
  }
};

const fillsOf = ({ sessions }: Lived) =>
  sessions.flatMap((events, session) =>
    events.flatMap((event) =>
      event.type === 'OrderFilled' || event.type === 'OrderPartiallyFilled'
        ? [{ ...event.data, session }]
        : [],
    ),
  );

/** A holding closed without a market: nobody traded it that day, or ever again, and its price was its last. */
const isUntraded = (
  script: Script,
  { session, symbol, lastPrice, lastTrade }: ReturnType<typeof fillsOf>[number],
): void => {
  const minutes = script.symbols[symbol] ?? [];
  const silent = minutes[session]?.every((bar) => bar === null);
  const ended = minutes.slice(session + 1).every((day) => day.every((bar) => bar === null));
  expect(silent || ended).toBe(true);
  expect(lastPrice).toBe(lastClose(script, symbol, session));
  expect(lastTrade?.price).toBe(lastPrice);
};

/** Every fill against the bar of the script in which it was made, and all of a bar against its volume. */
const liesWithin = ({ script, fillsOn }: Life, lived: Lived): void => {
  const dates = shortSessions(lived.sessions.length);
  const taken = new Map<string, bigint>();
  for (const fill of fillsOf(lived)) {
    const { session, symbol, side, at, bar, quote, lastPrice, lastQuantity } = fill;
    if (fill.lastTrade !== null) {
      isUntraded(script, fill);
      continue;
    }
    const ms = (fillsOn === 'bars' ? bar?.start : at)?.epochMilliseconds ?? Number.NaN;
    const minute = Math.floor((ms - (dates[session]?.openMs ?? 0)) / minuteMs);
    const printed = script.symbols[symbol]?.[session]?.[minute];
    if (printed === undefined || printed === null)
      throw new Error(`${symbol} did not trade at ${at}`);
    const scale = sharesAfter(script, symbol, session);
    const [low, high] = [printed.low, printed.high].map((each) => inCents(each) * scale);
    if (fillsOn === 'bars')
      expect(lastPrice >= (low ?? 0n) && lastPrice <= (high ?? 0n)).toBe(true);
    else {
      if (quote === null) throw new Error('a fill of no quote');
      expect(quote.last >= (low ?? 0n) && quote.last <= (high ?? 0n)).toBe(true);
      expect(side === 'buy' ? lastPrice >= quote.ask : lastPrice <= quote.bid).toBe(true);
    }
    const key = `${symbol} ${session} ${minute} ${side === 'buy'}`;
    taken.set(key, (taken.get(key) ?? 0n) + lastQuantity);
    expect((taken.get(key) ?? 0n) * 10n).toBeLessThanOrEqual(quantity.fromShares(printed.volume));
  }
};

const isShown = ({ sessions }: Lived): void => {
  for (const events of sessions)
    beside(events, (account, session) => {
      expect(shownBy(account)).toEqual(moneyOf(session));
    });
  const rows = new Map();
  for (const events of sessions)
    for (const { shown, known } of orderViews(events, rows)) expect(shown).toEqual(known);
};

const runs = { numRuns: propertyRuns(25) };
const everyMinute = { everySeconds: 60 };
const anyway = fc.constantFrom(13, 60, 360, 360 * 3);

describe('any log over several symbols, sessions, payments and splits', () => {
  test(
    'adds up, stays within its bars, its sessions and its means, and is what the views show',
    async () => {
      await fc.assert(
        fc.asyncProperty(
          anyLife(fc.oneof(ofCash, ofMargin)),
          anyway,
          async (life, everySeconds) => {
            const lived = await livedSessions(life, { everySeconds });
            addUp(life, lived);
            isDated(lived);
            liesWithin(life, lived);
            isShown(lived);
          },
        ),
        runs,
      );
    },
    propertyPatienceMs(100),
  );

  test(
    'of a cash account never shows less than nothing',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyLife(ofCash), anyway, async (life, everySeconds) => {
          for (const { data } of (await livedSessions(life, { everySeconds })).sessions.flat())
            if ('cash' in data) expect(data.cash).toBeGreaterThanOrEqual(0n);
        }),
        { numRuns: propertyRuns(80) },
      );
    },
    propertyPatienceMs(100),
  );

  test('is meant to meet all that can happen to money', async () => {
    const seen = new Map<string, number>();
    const lives = fc.sample(anyLife(fc.oneof(ofCash, ofMargin)), { numRuns: 60, seed: 5 });
    for (const life of lives)
      for (const { type } of (await livedSessions(life, everyMinute)).sessions.flat())
        seen.set(type, (seen.get(type) ?? 0) + 1);
    for (const type of [
      'OrderFilled',
      'OrderPartiallyFilled',
      'OrderTriggered',
      'OrderReplaced',
      'OrderCanceled',
      'OrderExpired',
      'WorkingOrdersCarried',
      'CorporateActionApplied',
      'BorrowFeeCharged',
    ])
      expect(seen.get(type) ?? 0, type).toBeGreaterThan(5);
  });
});
