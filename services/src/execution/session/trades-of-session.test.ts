import type { VenueReport } from '@sentinel/contracts/execution';
import {
  type EventId,
  type LogPosition,
  type Money,
  money,
  type OrderId,
  price,
  quantity,
  type RecordedEvent,
  type StreamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import { netPnl, type Trade, trades } from '@sentinel/projections/portfolio';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { noon, nvda } from '../../risk/fixtures.ts';
import type { SessionCommand } from './commands.ts';
import type { SessionEvent } from './index.ts';
import { dayAfter, tradingDay } from './test-day.ts';

type Day = ReturnType<typeof tradingDay>;
type Row = Parameters<typeof trades.evolve>[0];

const folded: ReadonlySet<string> = new Set(trades.types);
const dates = ['2026-03-02', '2026-03-03'];

/** The rows that the sessions of an account make, one session after another, stored and read again. */
const rowsOf = (sessions: readonly (readonly SessionEvent[])[]) => {
  const rows = new Map<string, NonNullable<Row>>();
  const set = (key: string, row: Row) =>
    row === undefined
      ? rows.delete(key)
      : rows.set(key, trades.row.parse(trades.row.encode(row)) as NonNullable<Row>);
  let n = 0;
  for (const [day, events] of sessions.entries())
    for (const event of events) {
      n += 1;
      if (!folded.has(event.type)) continue;
      const recorded = {
        id: `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}` as EventId,
        stream: `session-paper-${dates[day]}` as StreamName,
        logPosition: BigInt(n) as LogPosition,
      } as RecordedEvent;
      const fact = { event, recorded } as Parameters<typeof trades.evolve>[1];
      for (const key of trades.keys(fact)) {
        const before = rows.get(key);
        const after = trades.evolve(before, fact, key);
        set(key, after);
        for (const each of trades.beside?.(before, after) ?? []) set(each.key, each.row);
      }
    }
  return rows;
};

const tradesOf = (sessions: readonly (readonly SessionEvent[])[]) => {
  const rows = [...rowsOf(sessions)].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    closed: rows.flatMap(([, { trade }]) => trade ?? []),
    open: rows.flatMap(([, { book }]) => book?.open ?? []),
  };
};

let executions = 0;
const fill = (day: Day, orderId: OrderId, { shares, at, second }: FillOf): string => {
  executions += 1;
  const report = { orderId, venueOrderId: null, at: noon.add({ seconds: second }) };
  const id = `x${executions}`;
  day.take({
    type: 'ReportVenue',
    reports: [
      { ...report, execType: 'new' },
      {
        ...report,
        execType: 'trade',
        venueExecutionId: id,
        quantity: quantity.fromShares(shares),
        price: price.of(at),
      },
    ],
  });
  return id;
};
type FillOf = { readonly shares: number; readonly at: string; readonly second: number };

/** A market order that trades in full at one price. */
const trade = (
  day: Day,
  intent: Parameters<Day['place']>[0],
  { at, second }: Omit<FillOf, 'shares'>,
) => {
  const order = day.place(intent, second, { prices: '99.99/100.01' });
  return { order, execution: fill(day, order, { shares: intent.shares, at, second: second + 1 }) };
};

const bust = (day: Day, { order, execution }: ReturnType<typeof trade>, second: number) =>
  day.take({
    type: 'ReportVenue',
    reports: [
      {
        orderId: order,
        venueOrderId: null,
        at: noon.add({ seconds: second }),
        execType: 'trade_cancel',
        venueExecutionId: `bust of ${execution}`,
        busts: execution,
        reason: 'clearly erroneous',
      } satisfies VenueReport,
    ],
  });

const correct = (
  day: Day,
  { order, execution }: ReturnType<typeof trade>,
  { shares, at, second }: FillOf,
) =>
  day.take({
    type: 'ReportVenue',
    reports: [
      {
        orderId: order,
        venueOrderId: null,
        at: noon.add({ seconds: second }),
        execType: 'trade_correct',
        venueExecutionId: `correction of ${execution} ${second}`,
        corrects: execution,
        quantity: quantity.fromShares(shares),
        price: price.of(at),
      } satisfies VenueReport,
    ],
  });

const sum = (all: readonly Trade[], of: (trade: Trade) => Money): Money =>
  money.add(...all.map(of));

const stepOf = fc.record({
  kind: fc.constantFrom(
    'trade' as const,
    'trade' as const,
    'trade' as const,
    'trade' as const,
    'bust' as const,
    'correct' as const,
  ),
  side: fc.constantFrom('buy' as const, 'sell' as const, 'sell_short' as const),
  shares: fc.integer({ min: 1, max: 6 }),
  cents: fc.integer({ min: -400, max: 400 }),
  of: fc.nat(30),
});
type Step = typeof stepOf extends fc.Arbitrary<infer Value> ? Value : never;

const tried = <Value>(act: () => Value): Value | undefined => {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && /^[A-Z_]+$/.test(error.message)) return undefined;
    throw error;
  }
};

const live = (day: Day, steps: readonly Step[]): void => {
  const done: ReturnType<typeof trade>[] = [];
  for (const [n, { kind, side, shares, cents, of }] of steps.entries()) {
    const second = n * 10;
    const at = ((10_000 + cents) / 100).toFixed(2);
    const known = done[of % Math.max(1, done.length)];
    if (kind === 'trade') {
      const made = tried(() =>
        trade(day, { shares, side, stopPrice: price.of('95') }, { at, second }),
      );
      if (made !== undefined) done.push(made);
    } else if (known !== undefined) {
      if (kind === 'bust') bust(day, known, second);
      else correct(day, known, { shares, at, second });
    }
  }
};

const actionOf = (rest: Partial<CorporateAction>): CorporateAction => ({
  symbol: nvda,
  exDate: '2026-03-03' as TradingDate,
  split: null,
  dividend: null,
  ...rest,
});
const nightOf = (...actions: readonly CorporateAction[]): readonly SessionCommand[] => [
  { type: 'ApplyCorporateActions', actions, at: noon },
  {
    type: 'ChargeBorrowing',
    charges: [{ symbol: nvda, mark: price.of('100'), annualFeeBps: 300 }],
    nights: 1,
    at: noon,
  },
];
const split = actionOf({ split: { newShares: 2, oldShares: 1 } });
const dividend = actionOf({
  exDate: '2026-03-04' as TradingDate,
  dividend: price.of('0.37'),
});

describe('trades', () => {
  test('account for every dollar, whatever is filled, busted, corrected, split and paid', () => {
    const seen = { closed: 0, open: 0, busted: 0, corrected: 0, borrowed: 0 };
    fc.assert(
      fc.property(
        fc.array(stepOf, { minLength: 1, maxLength: 30, size: 'max' }),
        fc.array(stepOf, { maxLength: 20, size: 'max' }),
        (before, after) => {
          const first = tradingDay();
          live(first, before);
          const second = dayAfter(first, '100', nightOf(split, dividend));
          live(second, after);
          const { closed, open } = tradesOf([first.events, second.events]);
          const all = [...closed, ...open];
          const [one, two] = [first.session(), second.session()];
          expect(sum(all, (each) => each.realizedPnl)).toBe(
            money.add(one.realizedPnl, two.realizedPnl),
          );
          expect(sum(all, (each) => money.add(each.fees, each.borrowFees))).toBe(
            money.add(one.fees, two.fees),
          );
          const cost = money.add(...[...two.positions.values()].map((held) => held.cost));
          expect(money.add(two.cash, cost)).toBe(money.add(money.of('1000000'), sum(all, netPnl)));
          expect(open.map((each) => [each.quantity, each.cost])).toEqual(
            [...two.positions.values()].map((held) => [held.quantity, held.cost]),
          );
          for (const each of closed) expect(each.quantity).toBe(0n);
          seen.closed += closed.length;
          seen.open += open.length;
          for (const { type } of [...first.events, ...second.events]) {
            if (type === 'ExecutionBusted') seen.busted += 1;
            if (type === 'ExecutionCorrected') seen.corrected += 1;
            if (type === 'BorrowFeeCharged') seen.borrowed += 1;
          }
        },
      ),
      { numRuns: propertyRuns(200) },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(5);
  });

  test('a trade in parts has mean prices, its risk from the stop, and the R that it made', () => {
    const day = tradingDay();
    const stop = { stopPrice: price.of('95'), strategyId: null };
    trade(day, { shares: 4, ...stop }, { at: '100', second: 0 });
    trade(day, { shares: 6, ...stop }, { at: '101', second: 10 });
    trade(day, { shares: 5, side: 'sell' }, { at: '104', second: 20 });
    trade(day, { shares: 5, side: 'sell' }, { at: '105', second: 30 });
    const { closed, open } = tradesOf([day.events]);
    expect(open).toEqual([]);
    expect(closed).toMatchObject([
      {
        side: 'long',
        entry: { shares: quantity.of('10'), value: money.of('1006') },
        exited: { shares: quantity.of('10'), value: money.of('1045') },
        // 4 × 5 + 6 × 6 dollars.
        risk: money.of('56'),
        realizedPnl: money.of('39'),
        fills: 4,
        openedOn: '2026-03-02',
        closedOn: '2026-03-02',
      },
    ]);
    // Bought at 99.99/100.01 by decision: 0.01 better and 0.99 worse a share.
    expect(closed[0]?.entry.slippage).toBe(money.of('5.9'));
  });

  test('a bust that leaves something held on the other side begins a trade there', () => {
    const day = tradingDay();
    const entry = trade(day, { shares: 4 }, { at: '100', second: 0 });
    trade(day, { shares: 4, side: 'sell' }, { at: '110', second: 10 });
    bust(day, entry, 20);
    const { closed, open } = tradesOf([day.events]);
    expect(closed).toMatchObject([{ side: 'long', realizedPnl: money.of('40') }]);
    expect(open).toMatchObject([
      {
        side: 'short',
        quantity: quantity.of('-4'),
        cost: money.of('-400'),
        entry: { shares: quantity.of('4'), value: money.of('400') },
        realizedPnl: money.zero,
        risk: null,
      },
    ]);
    trade(day, { shares: 4 }, { at: '90', second: 30 });
    expect(tradesOf([day.events])).toMatchObject({
      closed: [{ side: 'long' }, { side: 'short', realizedPnl: money.of('40') }],
      open: [],
    });
  });

  test('a bust of what closed a trade opens it again, and it is listed once when it closes', () => {
    const day = tradingDay();
    trade(day, { shares: 4 }, { at: '100', second: 0 });
    const sale = trade(day, { shares: 4, side: 'sell' }, { at: '110', second: 10 });
    expect(tradesOf([day.events]).closed).toHaveLength(1);
    bust(day, sale, 20);
    expect(tradesOf([day.events])).toMatchObject({
      closed: [],
      open: [{ quantity: quantity.of('4'), realizedPnl: money.zero, closedAt: null }],
    });
    trade(day, { shares: 4, side: 'sell' }, { at: '90', second: 30 });
    const { closed, open } = tradesOf([day.events]);
    expect(open).toEqual([]);
    expect(closed).toMatchObject([{ realizedPnl: money.of('-40') }]);
  });

  test('an entry that is taken back whole was no trade', () => {
    const day = tradingDay();
    const entry = trade(day, { shares: 4 }, { at: '100', second: 0 });
    bust(day, entry, 10);
    expect(tradesOf([day.events])).toEqual({ closed: [], open: [] });
  });

  test('an exit is told by its role, and a trade over night keeps its session dates and its shares', () => {
    const day = tradingDay();
    const order = day.place({
      shares: 10,
      exits: { takeProfit: price.of('105'), stopLoss: price.of('95') },
    });
    day.quote('100/100', 1);
    const next = dayAfter(day, '100', nightOf(split, dividend));
    const stop = next.exitOf(order, 'stop_loss') ?? day.exitOf(order, 'stop_loss');
    fill(next, stop, { shares: 20, at: '47', second: 5 });
    const [closed] = tradesOf([day.events, next.events]).closed;
    expect(closed).toMatchObject({
      exit: 'stop_loss',
      openedOn: '2026-03-02',
      closedOn: '2026-03-03',
      entry: { shares: quantity.of('20'), value: money.of('1000') },
      stop: price.of('47.5'),
      risk: money.of('50'),
      realizedPnl: money.of('-60'),
      // 20 shares of after the split, of which each paid 0.37.
      dividends: money.of('7.4'),
      // The dividend took the stop to 47.13: twenty shares filled 0.13 below it.
      exited: { slippage: money.of('2.6') },
    });
  });
});
