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
import type { Entry } from './entries.ts';
import type { SessionRecord } from './session-record.ts';

const firstNoon = Temporal.Instant.from('2026-03-02T17:00:00Z');

/** The date of a day of a story, from 0. */
export const dateOf = (day: number): TradingDate =>
  `${Temporal.PlainDate.from('2026-03-02').add({ days: day })}` as TradingDate;

/** An order as a story has it. */
export const wishArbitrary = fc.record({
  symbol: fc.constantFrom('NVDA', 'MSFT'),
  side: fc.constantFrom<Side>('buy', 'sell'),
  shares: fc.integer({ min: 1, max: 2 }),
  strategy: fc.constantFrom('fast', 'slow', null),
  /** Filled so many days after it was placed. */
  days: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
  /** So many days after it was filled the venue takes the fill back. */
  bustedAfter: fc.oneof(
    { weight: 15, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1) },
  ),
});
export type Wish = typeof wishArbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** The sessions of an account that a story of wishes, by the day on which they are asked, comes to. */
export const sessionsOf = (days: readonly (readonly Wish[])[]): readonly SessionRecord[] => {
  const entries = days.map((): Entry[] => []);
  const changes = days.map(() => new Map<Ticker, number>());
  const carried = days.map((): Entry[] => []);
  let n = 0;
  for (const [day, wishes] of days.entries())
    for (const wish of wishes) {
      const orderId = `order ${++n}` as OrderId;
      const decisionId = `decision ${n}` as DecisionId;
      const symbol = wish.symbol as Ticker;
      const at = price.of(`${100 + (n % 7)}`);
      const intent: OrderIntent = {
        ...{ symbol, side: wish.side, quantity: quantity.fromShares(wish.shares) },
        ...({ orderType: 'market', limitPrice: null, stopPrice: price.of('90') } as const),
        ...({ timeInForce: 'gtc', strategyId: wish.strategy } as const),
      };
      const ordered = { ...({ kind: 'ordered', orderId, decisionId } as const), intent };
      entries[day]?.push(
        {
          ...({ kind: 'decided', decisionId, mid: at, usualRisk: null } as const),
          ...{ signalStop: null, suited: true },
        },
        { ...ordered, isExit: false },
      );
      const filledOn = day + wish.days;
      for (let on = day + 1; on <= filledOn; on++) carried[on]?.push({ ...ordered, isExit: false });
      entries[filledOn]?.push({
        ...({ kind: 'filled', orderId, venueExecutionId: `${n}`, symbol } as const),
        ...{ side: wish.side, quantity: intent.quantity, price: at, fees: money.zero },
        at: firstNoon.add({ hours: 24 * filledOn, minutes: n }),
      });
      const change = wish.side === 'buy' ? wish.shares : -wish.shares;
      const note = (on: number, by: number) => {
        const held = changes[on];
        held?.set(symbol, (held.get(symbol) ?? 0) + by);
      };
      note(filledOn, change);
      if (wish.bustedAfter === null) continue;
      note(filledOn + wish.bustedAfter, -change);
      entries[filledOn + wish.bustedAfter]?.push({
        ...({ kind: 'changed', orderId, refers: `${n}`, quantity: quantity.zero } as const),
        ...{ price: null, fees: money.zero },
      });
    }
  const held = new Map<Ticker, number>();
  return days.map((_, day) => {
    const positions = [...held].flatMap(([symbol, shares]) =>
      shares === 0
        ? []
        : [{ symbol, quantity: quantity.fromShares(shares), cost: money.of('100') }],
    );
    for (const [symbol, by] of changes[day] ?? []) held.set(symbol, (held.get(symbol) ?? 0) + by);
    const opened: Entry = {
      ...({ kind: 'opened', date: dateOf(day), equity: money.of('100000') } as const),
      positions,
    };
    return {
      ...{ stream: `session-paper-${dateOf(day)}` as StreamName, account: 'paper' },
      ...{ date: dateOf(day), entries: [opened, ...(carried[day] ?? []), ...(entries[day] ?? [])] },
    };
  });
};
