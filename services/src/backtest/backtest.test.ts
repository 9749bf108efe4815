import { type EventId, money, price, quantity, type StreamName } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replaySession } from '../audit/index.ts';
import type { Session, SessionEvent } from '../execution/index.ts';
import { sessionDecider } from '../execution/index.ts';
import { testDigest } from '../execution/test-kit/test-desk.ts';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { liveThrough } from './live.ts';
import { runBacktest } from './run.ts';
import type { BacktestSetup, Finder, TestedSymbol } from './setup.ts';
import { dailyBars, setupWith, testedSymbol, tradeAt, walk } from './test-bars.ts';
import { momentsOf } from './timeline.ts';

/** A trade every few bars, long and short in turn. */
const everyFewBars =
  (few: number, away: number, maxHoldBars = 8): Finder =>
  (tested, last) =>
    last % few === 0
      ? tradeAt(tested, last, {
          side: last % (2 * few) === 0 ? 'buy' : 'sell_short',
          away,
          maxHoldBars,
        })
      : undefined;

const ran = (
  make: (symbols: readonly TestedSymbol[]) => BacktestSetup,
  symbols: readonly TestedSymbol[],
) => runBacktest(make(symbols), { refind: make, progress: () => undefined });

const eventsOf = (setup: BacktestSetup) => {
  const live = liveThrough(setup);
  for (const moment of momentsOf(setup.symbols, setup.calendar)) {
    live.decide(moment);
    live.meet(moment);
  }
  live.close();
  return { events: live.events(), session: live.session() };
};

const anyRun = fc.record({
  ...{ seed: fc.nat(10_000), few: fc.integer({ min: 2, max: 9 }) },
  away: fc.integer({ min: 1, max: 6 }),
  maxHoldBars: fc.integer({ min: 1, max: 12 }),
  symbols: fc.integer({ min: 1, max: 3 }),
});
type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;
const setupFor = ({ seed, few, away, maxHoldBars, symbols }: Of<typeof anyRun>) => ({
  make: setupWith(() => everyFewBars(few, away, maxHoldBars)),
  symbols: Array.from({ length: symbols }, (_, n) =>
    testedSymbol(dailyBars(walk(160, seed + n), ['AAA', 'BBB', 'CCC'][n])),
  ),
});

describe('any run', () => {
  test('gains exactly what its trades gain and what it still holds has gained', () => {
    let trades = 0;
    fc.assert(
      fc.property(anyRun, (of) => {
        const { make, symbols } = setupFor(of);
        const run = ran(make, symbols);
        const { events, session } = eventsOf(make(symbols));
        trades += run.trades.length;
        const closed = money.add(...run.trades.map(({ pnl }) => pnl));
        if (session.positions.size === 0)
          expect(money.subtract(run.finalEquity, money.of('100000'))).toBe(closed);
        const spent = events.reduce(
          (sum, { event }) =>
            event.type === 'OrderFilled' || event.type === 'OrderPartiallyFilled'
              ? sum - event.data.fees + event.data.realizedPnl
              : event.type === 'BorrowFeeCharged'
                ? sum - event.data.fee
                : sum,
          0n,
        );
        const cost = [...session.positions.values()].reduce((sum, held) => sum + held.cost, 0n);
        expect(session.cash + cost).toBe(money.of('100000') + spent);
      }),
      { numRuns: propertyRuns(12) },
    );
    expect(trades).toBeGreaterThan(50);
  });

  test('is replayed as equal, day by day: backtest, paper and replay are one', () => {
    fc.assert(
      fc.property(anyRun, (of) => {
        const { make, symbols } = setupFor(of);
        const { events } = eventsOf(make(symbols));
        const { evolve, initialState } = sessionDecider(testDigest);
        let previous: { readonly stream: StreamName; readonly session: Session } | undefined;
        for (const [date, kept] of Map.groupBy(events, (each) => each.date)) {
          const entries = kept.map(({ event }, n) => ({
            ...{ event, older: false },
            id: `01890000-0000-7000-9000-${n.toString(16).padStart(12, '0')}` as EventId,
          }));
          expect(replaySession(entries, { digest: testDigest, previous }).firstDifference).toBe(
            null,
          );
          const state = kept.reduce((before, { event }) => evolve(before, event), initialState);
          if (state.phase === 'unopened') throw new Error('a day without its opening');
          previous = { stream: `session-backtest-${date}` as StreamName, session: state };
        }
      }),
      { numRuns: propertyRuns(10) },
    );
  });

  test('leaves no order working once it is flat, and holds nothing longer than it may', () => {
    fc.assert(
      fc.property(anyRun, (of) => {
        const { make, symbols } = setupFor(of);
        const run = ran(make, symbols);
        const { session } = eventsOf(make(symbols));
        for (const { intent } of session.working.values())
          expect(session.positions.has(intent.symbol)).toBe(true);
        for (const { openedAt, closedAt } of run.trades) {
          const days = (closedAt.epochMilliseconds - openedAt.epochMilliseconds) / 86_400_000;
          // Canceled exits are gone after a bar, and the way out trades in the next; then come weekends.
          expect(days).toBeLessThan(((of.maxHoldBars + 3) * 7) / 5 + 5);
        }
      }),
      { numRuns: propertyRuns(12) },
    );
  });

  test('decides the same when its future is cut off', () => {
    fc.assert(
      fc.property(anyRun, (of) => {
        const { make, symbols } = setupFor(of);
        const { lookAhead } = ran(make, symbols);
        expect(lookAhead).toMatchObject({ result: 'equal', firstDifferenceAt: null });
        expect(lookAhead.cuts).toBeGreaterThan(10);
        expect(lookAhead.eventsCompared).toBeGreaterThan(10);
      }),
      { numRuns: propertyRuns(10) },
    );
  });
});

describe('a look ahead', () => {
  const symbols = [testedSymbol(dailyBars(walk(200, 5)))];
  const wish = { side: 'buy', away: 3, maxHoldBars: 5 } as const;
  const peeking: Readonly<Record<string, Finder>> = {
    'at the next close, which decides whether to trade': (tested, last) =>
      (tested.bars.close[last + 1] ?? 0) > (tested.bars.close[last] as number)
        ? tradeAt(tested, last, wish)
        : undefined,
    'at the next close, which decides how far the stop stands': (tested, last) =>
      last % 4 === 0
        ? tradeAt(tested, last, {
            ...wish,
            away: (tested.bars.close[last + 1] ?? 0) > (tested.bars.close[last] as number) ? 3 : 4,
          })
        : undefined,
    'behind the window that it is shown': (tested, last) => {
      const shown = tested.bars.close.subarray(0, last + 1);
      const [ahead] = new Float64Array(shown.buffer).subarray(last + 1);
      return (ahead ?? 0) > (shown.at(-1) as number) ? tradeAt(tested, last, wish) : undefined;
    },
  };
  test.each(Object.entries(peeking))('%s is found out', (_, find) => {
    const { lookAhead } = ran(
      setupWith(() => find),
      symbols,
    );
    expect(lookAhead.result).toBe('different');
    expect(lookAhead.firstDifferenceAt).not.toBe(null);
  });
});

describe('D41: a run of bars that are known', () => {
  /** Quiet days around a hundred, then what a test wants. */
  const quiet = Array.from({ length: 40 }, (): [number, number, number, number] => [
    100, 100.5, 99.5, 100,
  ]);
  const once: Finder = (tested, last) =>
    last === 39 ? tradeAt(tested, last, { side: 'buy', away: 5, maxHoldBars: 50 }) : undefined;
  const fillsOf = (rows: readonly [number, number, number, number][]) => {
    const symbols = [testedSymbol(dailyBars([...quiet, ...rows]))];
    const run = ran(
      setupWith(() => once),
      symbols,
    );
    const { events } = eventsOf(setupWith(() => once)(symbols));
    const fills = events.flatMap(({ event }: { readonly event: SessionEvent }) =>
      event.type === 'OrderFilled' ? [price.toFloat(event.data.lastPrice)] : [],
    );
    return { run, fills, events };
  };

  test('gets out of a gap at its opening, not at the stop', () => {
    const { run, fills } = fillsOf([
      [100, 101, 99, 100],
      [80, 82, 79, 81],
      [81, 82, 80, 81],
    ]);
    expect(fills[1]).toBeLessThanOrEqual(80);
    expect(fills[1]).toBeGreaterThan(79);
    const [trade] = run.trades;
    expect(trade?.risk).not.toBe(null);
    expect(Number(trade?.pnl) / Number(trade?.risk)).toBeLessThan(-3);
    expect(run.measured.trades.meanR).toBeCloseTo(Number(trade?.pnl) / Number(trade?.risk), 9);
  });

  test('meets the stop before the target inside a bar that holds both', () => {
    const { fills } = fillsOf([
      [100, 101, 99, 100],
      [100, 120, 90, 100],
      [100, 101, 99, 100],
    ]);
    expect(fills[1]).toBeLessThanOrEqual(95);
  });

  test('takes the target at its price, and counts entry and exit fees in the trade', () => {
    const { run, fills } = fillsOf([
      [100, 101, 99, 100],
      [100, 112, 99.5, 111],
      [111, 112, 110, 111],
    ]);
    expect(fills[1]).toBeCloseTo(110, 6);
    const [trade] = run.trades;
    expect(money.subtract(run.finalEquity, money.of('100000'))).toBe(trade?.pnl);
    expect(trade?.shares).toBeGreaterThan(quantity.fromShares(10));
  });

  test('opens each day from the equity of the last, so that a daily limit is of that day', () => {
    const { events } = fillsOf([
      [100, 101, 99, 100],
      [99, 99.5, 96, 97],
      [97, 98, 96, 97],
    ]);
    const opened = events.flatMap(({ event }) =>
      event.type === 'SessionOpened' ? [event.data.equity] : [],
    );
    const closed = events.flatMap(({ event }) =>
      event.type === 'SessionClosed' ? [event.data.equity] : [],
    );
    expect(opened.slice(1)).toEqual(closed.slice(0, -1));
    expect(new Set(opened).size).toBeGreaterThan(1);
  });
});

test('the same run comes out the same', () => {
  const { make, symbols } = setupFor({ seed: 9, few: 3, away: 2, maxHoldBars: 4, symbols: 2 });
  expect(ran(make, symbols)).toEqual(ran(make, symbols));
});
