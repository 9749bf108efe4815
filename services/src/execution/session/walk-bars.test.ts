import { type Price, price } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { testDigest } from '../test-kit/test-desk.ts';
import { barOf, exchange, tradingDay } from './test-day.ts';
import { startWalk, type Walk, walkBars } from './walk-bars.ts';

/** Orders to buy: so many at 95 and so many at 90, in a market at 100. */
const resting = (at95: number, at90: number) => {
  const day = tradingDay();
  for (let n = 0; n < at95 + at90; n++)
    day.place({ shares: 1, orderType: 'limit', limitPrice: price.of(n < at95 ? '95' : '90') });
  return day;
};

/** The first accepts every order, the second fills those at 95, the third the others, the fourth none. */
const bars = ['100 101 99 100', '100 100 94 95', '95 95 89 92', '92 93 91 92'].map((prices, n) => ({
  bar: barOf(prices, n + 1),
  session: exchange,
}));

const walked = (from: Walk, left: typeof bars = bars) =>
  walkBars(from, left, { digest: testDigest, closing: false });

/** How many reports are told at a time until the bars are walked to their end. */
const toldInTurn = (day: ReturnType<typeof tradingDay>): readonly number[] => {
  const told: number[] = [];
  let walk = startWalk(day.session());
  for (let turn = 0; turn < 10; turn++) {
    const symbol = bars[0]?.bar.symbol;
    const until = symbol === undefined ? undefined : walk.until.get(symbol);
    const left = bars.filter(({ bar: { start } }) => start.epochMilliseconds > (until ?? 0));
    if (left.length === 0) return told;
    const { reports, walk: next } = walked(walk, left);
    told.push(reports.length);
    if (reports.length > 0) day.take({ type: 'ReportVenue', reports });
    walk = { ...next, session: day.session() };
  }
  throw new Error('the walk does not come to its end');
};

describe('what many bars say', () => {
  test('is told at once as far as an append holds it, and the next bars after that', () => {
    const day = resting(30, 30);
    expect(toldInTurn(day)).toEqual([90, 30]);
    expect(day.held()).toBe('60');
    expect(day.session().working.size).toBe(0);
  });

  test('goes together up to a hundred reports and no further', () => {
    expect(toldInTurn(resting(30, 10))).toEqual([80]);
    expect(toldInTurn(resting(50, 0))).toEqual([100]);
    expect(toldInTurn(resting(51, 0))).toEqual([51, 51]);
  });

  test('is told whole where one bar says more than that', () => {
    const day = resting(0, 99);
    day.place({ shares: 1 });
    expect(toldInTurn(day)).toEqual([101, 99]);
    expect(day.held()).toBe('100');
  });
});

describe('the last move of a trailing stop', () => {
  const trailing = {
    orderType: 'trailing_stop',
    trail: { amount: price.of('5'), bps: null },
  } as const;

  test('is told with what happens next in its symbol, or at the end', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.bar('100 100 100 100', 0);
    const stop = day.place({ shares: 10, side: 'sell', ...trailing }, 90);
    day.bar('100 100 100 100', 2);
    const rising = ['100 104 100 104', '104 108 104 108'].map((prices, n) => ({
      ...{ bar: barOf(prices, n + 3), session: exchange },
    }));
    const before = walked(startWalk(day.session()), rising);
    expect(before.reports).toEqual([]);
    expect(before.walk.session.working.get(stop)?.stopAt).toBe(price.of('103') as Price);
    const falling = { bar: barOf('108 108 101 101', 5), session: exchange };
    const { reports } = walked(before.walk, [falling]);
    expect(reports.map(({ execType }) => execType)).toEqual(['restated', 'triggered', 'trade']);
    const ended = { digest: testDigest, closing: true };
    expect(walkBars(before.walk, [], ended).reports).toHaveLength(1);
  });

  test('is told once, and with all that the same bar did', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.bar('100 100 100 100', 0);
    day.place({ shares: 10, side: 'sell', ...trailing }, 90);
    for (const limit of ['99', '98.5'])
      day.place({ shares: 1, orderType: 'limit', limitPrice: price.of(limit) }, 90);
    day.bar('100 100 100 100', 2);
    // The stop moves, with nothing else and then with a fill; nothing happens; another order fills.
    const prices = ['100 101 100 101', '101 103 98.9 102', '102 102 100 100', '100 100 98.4 98.5'];
    const bars = prices.map((each, n) => ({ bar: barOf(each, n + 3), session: exchange }));
    const { reports, walk } = walked(startWalk(day.session()), bars);
    expect(reports.map(({ execType }) => execType)).toEqual([
      ...['restated', 'restated', 'trade'],
      ...['trade'],
    ]);
    expect(walk.moves.size).toBe(0);
  });

  test('waits while something happens in another symbol', () => {
    const day = tradingDay();
    day.place({ shares: 10 });
    day.bar('100 100 100 100', 0);
    day.place({ shares: 10, side: 'sell', ...trailing }, 90);
    day.bar('100 100 100 100', 2);
    const other = 'MSFT' as Ticker;
    day.place({ shares: 5, symbol: other }, 180);
    const { reports, walk } = walked(startWalk(day.session()), [
      { bar: barOf('100 104 100 104', 3), session: exchange },
      { bar: { ...barOf('50 51 50 50', 3), symbol: other }, session: exchange },
    ]);
    expect(reports.map(({ execType }) => execType)).toEqual(['new', 'trade']);
    expect(walk.moves.size).toBe(1);
  });
});
