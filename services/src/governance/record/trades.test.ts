import {
  type DecisionId,
  money,
  type OrderId,
  price,
  quantity,
  type StreamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { OrderIntent, Side } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import type { Entry } from './entries.ts';
import { accountRecord, rOf } from './trades.ts';

const nvda = 'NVDA' as Ticker;
const noon = Temporal.Instant.from('2026-03-02T17:00:00Z');
const cash = money.of('100000');

const opened = (
  date: string,
  positions: Extract<Entry, { kind: 'opened' }>['positions'] = [],
): Entry => ({
  ...({ kind: 'opened', date: date as TradingDate, equity: cash, positions } as const),
});

type Wish = {
  readonly n: number;
  readonly side: Side;
  readonly shares: number;
  readonly at: string;
  readonly strategy?: string | null;
  readonly stop?: string;
  readonly mid?: string;
  readonly fees?: string;
  readonly isExit?: boolean;
};

/** An order that is decided, placed and filled at once at one price. */
const traded = (wish: Wish): readonly Entry[] => {
  const {
    n,
    side,
    shares,
    at,
    strategy = 'fast',
    stop,
    mid = at,
    fees = '0',
    isExit = false,
  } = wish;
  const orderId = `order ${n}` as OrderId;
  const decisionId = `decision ${n}` as DecisionId;
  const intent: OrderIntent = {
    ...({
      symbol: nvda,
      side,
      quantity: quantity.fromShares(shares),
      orderType: 'market',
    } as const),
    ...{ limitPrice: null, stopPrice: stop === undefined ? null : price.of(stop) },
    ...({ timeInForce: 'day', strategyId: strategy } as const),
  };
  const known = { mid: price.of(mid), usualRisk: null, signalStop: null, suited: true };
  return [
    { kind: 'decided', decisionId, ...known },
    { kind: 'ordered', orderId, decisionId, intent, isExit },
    {
      ...({
        kind: 'filled',
        orderId,
        venueExecutionId: `execution ${n}`,
        symbol: nvda,
        side,
      } as const),
      ...{ quantity: intent.quantity, price: price.of(at), fees: money.of(fees) },
      at: noon.add({ minutes: n }),
    },
    { kind: 'ended', orderId },
  ];
};

const session = (date: string, entries: readonly Entry[]) => ({
  ...{ stream: `session-paper-${date}` as StreamName, account: 'paper', date: date as TradingDate },
  entries,
});
const over = (...entries: readonly Entry[]) =>
  accountRecord('paper', [session('2026-03-02', [opened('2026-03-02'), ...entries])]);
const told = (record: ReturnType<typeof over>) =>
  record.trades.map(({ strategyId, side, shares, pnl, ...trade }) =>
    [strategyId, side, quantity.format(shares), money.format(pnl), rOf({ pnl, ...trade })].join(
      ' ',
    ),
  );

describe('a trade', () => {
  test('is the way from flat to flat, its profit after fees over what was at risk', () => {
    const record = over(
      ...traded({ n: 1, side: 'buy', shares: 10, at: '100', stop: '95', fees: '1', mid: '99.9' }),
      ...traded({ n: 2, side: 'sell', shares: 4, at: '108' }),
      ...traded({ n: 3, side: 'sell', shares: 6, at: '112', fees: '0.5' }),
    );
    // 4 × 8 + 6 × 12 − 1.50, over 10 × 5.
    expect(told(record)).toEqual(['fast long 10 102.5 2.05']);
    expect(record.trades[0]).toMatchObject({ suited: true, closedOn: '2026-03-02' });
    expect(record.trades[0]?.slippageBps).toBeCloseTo(10.01, 2);
  });

  test('of a short sale gains when the price falls', () => {
    const record = over(
      ...traded({ n: 1, side: 'sell_short', shares: 10, at: '100', stop: '104', mid: '100.1' }),
      ...traded({ n: 2, side: 'buy', shares: 10, at: '98' }),
    );
    expect(told(record)).toEqual(['fast short 10 20 0.5']);
    expect(record.trades[0]?.slippageBps).toBeCloseTo(9.99, 2);
  });

  test('keeps its loss, under whatever name it is closed', () => {
    const bought = traded({ n: 1, side: 'buy', shares: 10, at: '100', stop: '95' });
    for (const strategy of [null, 'another']) {
      const sold = traded({ n: 2, side: 'sell', shares: 10, at: '90', strategy });
      expect(told(over(...bought, ...sold))).toEqual(['fast long 10 -100 -2']);
    }
  });

  test('of one strategy is told apart from that of another in the same symbol', () => {
    const record = over(
      ...traded({ n: 1, side: 'buy', shares: 10, at: '100', stop: '95', strategy: 'slow' }),
      ...traded({ n: 2, side: 'buy', shares: 10, at: '110', stop: '100' }),
      ...traded({ n: 3, side: 'sell', shares: 10, at: '120' }),
      ...traded({ n: 4, side: 'sell', shares: 10, at: '130', strategy: null }),
    );
    expect(told(record)).toEqual(['fast long 10 100 1', 'slow long 10 300 6']);
  });

  test('ends where the account turns around, and another begins', () => {
    const record = over(
      ...traded({ n: 1, side: 'buy', shares: 10, at: '100', stop: '95' }),
      ...traded({ n: 2, side: 'sell', shares: 15, at: '105', stop: '110', fees: '3' }),
      ...traded({ n: 3, side: 'buy', shares: 5, at: '100' }),
    );
    expect(told(record)).toEqual(['fast long 10 48 0.96', 'fast short 5 24 0.96']);
  });

  test('goes on over nights and splits, and pays for what it borrows', () => {
    const record = accountRecord('paper', [
      session('2026-03-02', [
        opened('2026-03-02'),
        ...traded({ n: 1, side: 'sell_short', shares: 10, at: '100', stop: '110' }),
      ]),
      session('2026-03-03', [
        opened('2026-03-03', [
          { symbol: nvda, quantity: quantity.fromShares(-10), cost: money.of('-1000') },
        ]),
        { kind: 'split', symbol: nvda, newShares: 2n, oldShares: 1n },
        { kind: 'paid', symbol: nvda, fee: money.of('7') },
        ...traded({ n: 2, side: 'buy', shares: 20, at: '45' }),
      ]),
    ]);
    expect(told(record)).toEqual(['fast short 10 93 0.93']);
    expect(record.days.map(({ date }) => date)).toEqual(['2026-03-02', '2026-03-03']);
  });

  test('is reckoned by what the venue left of its executions', () => {
    const trade = [
      ...traded({ n: 1, side: 'buy', shares: 10, at: '100', stop: '95', fees: '1' }),
      ...traded({ n: 2, side: 'sell', shares: 10, at: '110' }),
    ];
    const changed = (n: number, shares: number, at: string | null): Entry => ({
      ...({ kind: 'changed', orderId: `order ${n}` as OrderId, refers: `execution ${n}` } as const),
      quantity: quantity.fromShares(shares),
      price: at === null ? null : price.of(at),
      fees: money.of('0.25'),
    });
    expect(told(over(...trade, changed(2, 10, '108')))).toEqual(['fast long 10 78.75 1.575']);
    expect(told(over(...trade, changed(2, 0, null)))).toEqual([]);
  });

  test('has no R where nobody can say what was at risk', () => {
    const record = over(
      ...traded({ n: 1, side: 'buy', shares: 10, at: '100' }),
      ...traded({ n: 2, side: 'sell', shares: 10, at: '110' }),
    );
    expect(told(record)).toEqual(['fast long 10 100 ']);
  });

  test('is not that of a strategy when the position was there before', () => {
    const held = [{ symbol: nvda, quantity: quantity.fromShares(10), cost: money.of('900') }];
    const record = accountRecord('paper', [
      session('2026-03-02', [
        opened('2026-03-02', held),
        ...traded({ n: 1, side: 'sell', shares: 10, at: '110' }),
      ]),
    ]);
    expect(told(record)).toEqual([]);
  });
});

describe('all trades together', () => {
  test('realise what was paid and received, whoever trades what against whom', () => {
    const fills = fc.array(
      fc.record({
        side: fc.constantFrom<Side>('buy', 'sell'),
        shares: fc.integer({ min: 1, max: 30 }),
        cents: fc.integer({ min: 5_000, max: 15_000 }),
        strategy: fc.constantFrom('fast', 'slow'),
      }),
      { minLength: 1, maxLength: 40 },
    );
    let closed = 0;
    fc.assert(
      fc.property(fills, (drawn) => {
        const entries = drawn.map(({ side, shares, cents, strategy }, n) =>
          traded({ n, side, shares, strategy, at: `${cents / 100}`, stop: '1', fees: '0.01' }),
        );
        const net = drawn.reduce(
          (sum, { side, shares }) => sum + (side === 'buy' ? shares : -shares),
          0,
        );
        // Whatever is left is closed at 100 without a name, so that all of it is realised.
        const rest = {
          ...{ n: 999, shares: Math.abs(net), at: '100', strategy: null },
          side: net > 0 ? ('sell' as const) : ('buy' as const),
        };
        const record = over(...entries.flat(), ...(net === 0 ? [] : traded(rest)));
        const flow = drawn.reduce((sum, { side, shares, cents }) => {
          const paid = BigInt(shares) * BigInt(cents) * 10_000n;
          return sum + (side === 'buy' ? -paid : paid) - 10_000n;
        }, 0n);
        const all = flow + BigInt(net) * 100_000_000n;
        const total = record.trades.reduce((sum, { pnl }) => sum + pnl, 0n);
        const realised = record.realised.reduce((sum, { pnl }) => sum + pnl, 0n);
        closed += record.trades.length;
        expect(realised).toBe(total);
        // A micro-dollar may be lost where a fee is shared out.
        const off = total > all ? total - all : all - total;
        expect(off).toBeLessThanOrEqual(BigInt(drawn.length + 1));
      }),
      { numRuns: propertyRuns(200) },
    );
    expect(closed).toBeGreaterThan(100);
  });
});
