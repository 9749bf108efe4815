import type { LogPosition, TradingDate } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { testDigest } from '../../execution/test-kit/test-desk.ts';
import { forwardEvidence } from './forward.ts';
import { dateOf, sessionsOf, type Wish } from './test-story.ts';

const days = 60;
const wish = (rest: Partial<Wish>): Wish => ({
  ...{ symbol: 'NVDA', side: 'buy', shares: 1, strategy: 'fast', days: 0, bustedAfter: null },
  ...rest,
});
const inAndOut = [wish({}), wish({ side: 'sell' })];

/** Evidence of what a story comes to at the end of its days, and the dates from which it was read. */
const evidenceOf = (story: readonly (readonly Wish[])[]) => {
  const sessions = sessionsOf(story);
  const read: TradingDate[] = [];
  const { lastTrades } = forwardEvidence({
    digest: testDigest,
    records: {
      since: async (date) => {
        read.push(date);
        const asOf = 1n as LogPosition;
        return { asOf, sessions: sessions.filter((session) => session.date >= date) };
      },
    },
  });
  const window = {
    ...{ strategyId: 'fast', windowDays: 400 },
    since: Temporal.Instant.from(`${dateOf(0)}T12:00:00Z`),
    now: Temporal.Instant.from(`${dateOf(days - 1)}T22:00:00Z`),
  };
  return { read, last: async (most: number) => (await lastTrades(window, most)).trades };
};
const daily = Array.from({ length: days }, () => inAndOut);

test('the last trades are read no farther back than they lie', async () => {
  const { read, last } = evidenceOf(daily);
  const trades = await last(20);
  expect(trades.map(({ closedOn }) => closedOn)).toEqual(
    Array.from({ length: 20 }, (_, n) => dateOf(days - 20 + n)),
  );
  expect(read).toEqual([dateOf(days - 9), dateOf(days - 17), dateOf(days - 33)]);
});

test('what is held all along without being touched does not stand in the way', async () => {
  const [first, ...rest] = daily;
  const { read, last } = evidenceOf([[...(first ?? []), wish({ symbol: 'MSFT' })], ...rest]);
  expect(await last(5)).toHaveLength(5);
  expect(read).toEqual([dateOf(days - 9)]);
});

test('what was got before and is closed late is told from where it was got', async () => {
  const held = daily.map((wishes, day) => {
    if (day === 2) return [...wishes, wish({ symbol: 'MSFT', shares: 3 })];
    return day === days - 1
      ? [...wishes, wish({ symbol: 'MSFT', side: 'sell', shares: 3 })]
      : wishes;
  });
  const { read, last } = evidenceOf(held);
  const trades = await last(5);
  expect(trades.at(-1)).toMatchObject({ symbol: 'MSFT', closedOn: dateOf(days - 1) });
  expect(trades.at(-1)?.openedAt.toString().slice(0, 10)).toBe(dateOf(2));
  expect(read.at(-1)).toBe(dateOf(0));
});

test('all there are, where there are fewer', async () => {
  const { last } = evidenceOf(daily.map((wishes, day) => (day % 20 === 7 ? wishes : [])));
  expect((await last(20)).map(({ closedOn }) => closedOn)).toEqual([7, 27, 47].map(dateOf));
});
