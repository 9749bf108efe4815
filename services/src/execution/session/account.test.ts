import { type EventId, price, quantity, type StreamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { VenueKind } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { buy, held, noon, nvda } from '../../risk/fixtures.ts';
import { testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';
import { assessedAccount, markedSymbols } from './account.ts';
import { dayAfter, tradingDay } from './test-day.ts';

const accountAt = async (venue?: VenueKind) => {
  const desk = testDesk(
    memoryEventStore({ now: () => tuesdayNoon }),
    venue === undefined ? {} : { venue: { venue } },
  );
  await desk.open(desk.limits);
  await desk.sessions.current(testContext.metadata);
  const { state } = await desk.sessions.load('session-paper-2026-03-03' as StreamName);
  if (state.phase !== 'open') throw new Error('no session is open');
  return assessedAccount(state, { intent: buy(1), facts: { at: tuesdayNoon } });
};

test('an assessment knows the venue from the terms of its session, and of older ones nothing', async () => {
  expect(await accountAt('live')).toMatchObject({ venue: 'live' });
  expect(await accountAt('paper')).toMatchObject({ venue: 'paper' });
  expect(await accountAt()).not.toHaveProperty('venue');
});

const at = (text: string) => price.of(text);
const seenBy = (day: ReturnType<typeof tradingDay>, milliseconds = 0) =>
  assessedAccount(day.session(), {
    intent: buy(1),
    facts: { at: noon.add({ milliseconds }) },
  });

test('messages are counted over a second, a minute and the day, whenever they were sent', () => {
  const day = tradingDay();
  const sent = [0, 500, 1_000, 1_000, 30_000, 59_000, 60_000, 60_200, 60_900, 61_000];
  for (const each of sent) day.place({ shares: 1 }, each / 1_000);
  for (const now of [61_000, 61_199, 61_200, 61_500, 62_000, 90_000, 120_000, 121_000]) {
    const within = (span: number) => sent.filter((each) => each > now - span).length;
    expect(seenBy(day, now).messages).toEqual({
      lastSecond: within(1_000),
      lastMinute: within(60_000),
      today: sent.length,
    });
  }
});

describe('an order that works', () => {
  const limit = { orderType: 'limit', limitPrice: at('98') } as const;

  test.each([
    ['more', 20, 20],
    ['fewer', 6, 10],
  ])('counts by the larger of both terms while %s shares are asked for', (_, asked, counted) => {
    const day = tradingDay();
    const order = day.place({ ...limit, shares: 10 });
    day.quote('100/100.02', 1);
    day.replace(order, { quantity: quantity.fromShares(asked) }, 2);
    const [seen] = seenBy(day, 2_000).reservations;
    expect(seen?.leavesQuantity).toBe(quantity.fromShares(counted));
  });

  test('is told by the same object until it changes, by which its text is kept for the log', () => {
    const day = tradingDay();
    const order = day.place({ ...limit, shares: 10 });
    const [first] = seenBy(day).reservations;
    expect(seenBy(day, 1_000).reservations[0]).toBe(first);
    day.quote('100/100.02', 1);
    day.replace(order, { quantity: quantity.fromShares(11) }, 2);
    expect(seenBy(day, 2_000).reservations[0]).not.toBe(first);
  });

  test('meets an order of ours on the other side, as a stop once it has been reached', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.quote('100/100.02', 1);
    const stop = { orderType: 'stop_limit', triggerPrice: at('99'), limitPrice: at('99') } as const;
    day.place({ ...stop, side: 'sell', shares: 10 }, 2);
    day.place({ shares: 1 }, 3);
    day.quote('98/98.02', 4);
    expect(() => day.place({ shares: 1 }, 5)).toThrow('SELF_MATCH');
  });
});

describe('a strategy that trades again and again', () => {
  const place = (day: ReturnType<typeof tradingDay>, second: number, strategyId = 'x') => {
    const strategy = { strategyId, state: 'paper', eventId: 'e' as EventId };
    day.place({ strategyId, shares: 1 }, second, { strategy });
  };

  test('is counted by its orders within the window, and by those of the day', () => {
    const rule = { perWindow: 2, windowMinutes: 10, perDay: 3 };
    const day = tradingDay({ limits: { repeatedExecution: rule } });
    place(day, 0);
    place(day, 1);
    expect(() => place(day, 599.9)).toThrow('REPEATED_EXECUTION');
    place(day, 600);
    expect(() => place(day, 5_000)).toThrow('REPEATED_EXECUTION');
    place(day, 5_000, 'y');
  });

  test('is not counted under limits that say nothing of it', () => {
    const day = tradingDay({ limits: { repeatedExecution: undefined } });
    for (const second of [0, 1, 2, 3, 4, 5, 6]) place(day, second);
    expect(seenBy(day)).not.toHaveProperty('executions');
  });

  test('is all that is counted: an order of no strategy has no such count', () => {
    const day = tradingDay();
    day.place({ shares: 1 });
    expect(day.session().limits.limits.repeatedExecution).toBeDefined();
    expect(seenBy(day)).not.toHaveProperty('executions');
  });
});

test('prices are asked for in the order of names, whatever was bought first', () => {
  const day = tradingDay();
  dayAfter(day, '100', []);
  const { closing: closed } = day.session();
  if (closed === null) throw new Error('the day is not closed');
  const positions = [held(nvda, 10, '100'), held('AMD' as Ticker, 10, '50')];
  const previous = { stream: 'session-paper-2026-02-27', closed: { ...closed, positions } };
  expect(markedSymbols(tradingDay({ previous }).session())).toEqual(['AMD', 'NVDA']);
});
