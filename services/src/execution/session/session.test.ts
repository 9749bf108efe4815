import {
  type ApprovalRequestId,
  type DecisionId,
  type HaltId,
  money,
  notional,
  type OrderId,
  price,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fold, specification } from '../../kernel/index.ts';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import {
  buy,
  haltOf,
  limitsWith,
  markAt,
  noon,
  ordinaryFacts,
  quoteOf,
} from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import {
  markedSymbols,
  type Session,
  type SessionCommand,
  type SessionEvent,
  sessionDecider,
  workingInTurn,
} from './index.ts';

const decider = sessionDecider(testDigest);
const { given } = specification(decider);
const symbols = ['NVDA', 'MSFT', 'AAPL'].map((symbol) => symbol as Ticker);
const idOf = (n: number) => `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

const open: SessionCommand = {
  type: 'OpenSession',
  account: 'paper',
  date: '2026-03-02' as TradingDate,
  at: noon,
  endsAt: noon.add({ hours: 4 }),
  previous: null,
  startingCash: money.of('100000'),
  limits: limitsWith({ maxPositionBps: 1000, maxTradeRiskBps: 10_000, duplicateWindowMs: 0 }),
  halts: [],
  venue: { seed: 1, latencyMs: 50, slippageBps: 5, feeSchedule: 'us-equity-1' },
};

const enable: SessionCommand = { type: 'EnableTrading', at: noon };
/** What an opened session begins with, up to the first order. */
const begun = (): readonly SessionEvent[] => {
  const opened = given().when(open);
  if (!opened.ok) throw new Error(opened.refusal.code);
  const enabled = given(...opened.value).when(enable);
  if (!enabled.ok) throw new Error(enabled.refusal.code);
  return [...opened.value, ...enabled.value];
};

/** One step of a random day; each carries the second at which it happens. */
type Step =
  | {
      readonly kind: 'place';
      readonly symbol: number;
      readonly shares: number;
      readonly sell: boolean;
      readonly bid: number;
    }
  | { readonly kind: 'fill'; readonly order: number; readonly shares: number; readonly at: number }
  | { readonly kind: 'cancel' | 'canceled' | 'expired'; readonly order: number }
  | { readonly kind: 'halt' | 'release' };

const stepOf: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('place' as const),
      symbol: fc.nat(2),
      shares: fc.integer({ min: 1, max: 60 }),
      sell: fc.boolean(),
      bid: fc.integer({ min: 9000, max: 15000 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fill' as const),
      order: fc.nat(30),
      shares: fc.integer({ min: 1, max: 80 }),
      at: fc.integer({ min: 8000, max: 16000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'canceled' as const, 'expired' as const),
      order: fc.nat(30),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('halt' as const, 'release' as const) }),
  },
);

const cents = (value: number) => price.of((value / 100).toFixed(2));

const commandOf = (step: Step, second: number, session: Session): SessionCommand => {
  const at = noon.add({ seconds: second });
  const symbolOf = (orderId: OrderId) =>
    session.orders.get(orderId)?.intent.symbol ?? (symbols[0] as Ticker);
  switch (step.kind) {
    case 'place': {
      const symbol = symbols[step.symbol] as Ticker;
      const quote = quoteOf(
        symbol,
        `${price.format(cents(step.bid))}/${price.format(cents(step.bid + 2))}`,
        at,
      );
      const held = markedSymbols(session);
      const marks = held.map((each) => ({ ...markAt(each, '120'), at }));
      const intent = buy(step.shares, { symbol, side: step.sell ? 'sell' : 'buy' });
      return {
        type: 'PlaceOrder',
        purpose: 'order',
        intent,
        facts: ordinaryFacts({ at, quote, marks }),
        gathered: { symbols: held, uncorrelated: [], intent },
        earlierUse: null,
        orderId: idOf(session.orders.size) as OrderId,
        decisionId: idOf(1000 + second) as DecisionId,
        idempotencyKey: null,
        paramsDigest: testDigest(`${second}`),
        codeDigest: testDigest('code'),
      };
    }
    case 'fill': {
      const orderId = idOf(step.order) as OrderId;
      const each = cents(step.at);
      const quote = quoteOf(symbolOf(orderId), `${price.format(each)}/${price.format(each)}`, at);
      return {
        type: 'ReportVenue',
        reports: [
          {
            orderId,
            venueOrderId: null,
            execType: 'trade',
            venueExecutionId: `${(session.orders.get(orderId)?.fills ?? 0) + 1}`,
            quantity: quantity.fromShares(step.shares),
            price: each,
            at,
            met: { quote },
          },
        ],
      };
    }
    case 'cancel':
      return { type: 'CancelOrder', orderId: idOf(step.order) as OrderId, reason: 'test', at };
    case 'canceled':
    case 'expired': {
      const orderId = idOf(step.order) as OrderId;
      return {
        type: 'ReportVenue',
        reports: [{ orderId, venueOrderId: null, execType: step.kind, reason: 'test', at }],
      };
    }
    case 'halt':
      return { type: 'EngageHalt', halt: haltOf('global', null) };
    case 'release':
      return {
        type: 'ReleaseHalt',
        haltId: haltOf('global', null).haltId as HaltId,
        requestId: idOf(1) as ApprovalRequestId,
        releasedBy: 'human:test',
        at,
      };
  }
};

const live = (steps: readonly Step[]) => {
  const events: SessionEvent[] = [];
  let session = given().state as unknown as Session;
  const take = (command: SessionCommand) => {
    const decision = decider.decide(command, session);
    if (!decision.ok) return;
    for (const event of decision.value) {
      events.push(event);
      session = decider.evolve(session, event) as Session;
    }
  };
  take(open);
  take(enable);
  steps.forEach((step, index) => {
    // Late fills are legal and can leave an account short; they have a test of their own.
    if (step.kind === 'fill' && !session.working.has(idOf(step.order) as OrderId)) return;
    take(commandOf(step, index * 10, session));
  });
  return { events, session };
};

describe('any day of a session', () => {
  test('conserves money: what left cash is in positions, fees and what was realised', () => {
    fc.assert(
      fc.property(fc.array(stepOf, { maxLength: 60 }), (steps) => {
        const { session } = live(steps);
        const cost = money.add(...[...session.positions.values()].map((position) => position.cost));
        const expected = money.subtract(
          money.add(money.of('100000'), session.realizedPnl),
          session.fees,
        );
        expect(money.add(session.cash, cost)).toBe(expected);
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  test('never fills more than was ordered, never sells what is not held, and keeps no reservation of an ended order', () => {
    fc.assert(
      fc.property(fc.array(stepOf, { maxLength: 60 }), (steps) => {
        const { events, session } = live(steps);
        const filled = new Map<OrderId, bigint>();
        for (const { type, data } of events) {
          if (type !== 'OrderFilled' && type !== 'OrderPartiallyFilled') continue;
          filled.set(data.orderId, (filled.get(data.orderId) ?? 0n) + data.lastQuantity);
          expect(data.lastQuantity > 0n && data.leavesQuantity >= 0n).toBe(true);
          expect(data.cumulativeQuantity).toBe(filled.get(data.orderId));
        }
        for (const [orderId, total] of filled)
          expect(total <= (session.orders.get(orderId)?.intent.quantity ?? 0n)).toBe(true);
        for (const position of session.positions.values())
          expect(position.quantity > 0n).toBe(true);
        for (const order of session.working.values()) expect(order.leavesQuantity > 0n).toBe(true);
      }),
      { numRuns: propertyRuns(500) },
    );
  });

  test('submits no buy while a halt is in force, and none that breaches the limits at its own prices', () => {
    fc.assert(
      fc.property(fc.array(stepOf, { maxLength: 60 }), (steps) => {
        const { events } = live(steps);
        let halted = false;
        for (const [index, event] of events.entries()) {
          if (event.type === 'HaltEngaged') halted = true;
          if (event.type === 'HaltReleased') halted = false;
          if (event.type !== 'OrderSubmitted') continue;
          if (event.data.intent.side === 'buy') expect(halted).toBe(false);
          const assessed = events[index - 1];
          expect(assessed?.type === 'RiskAssessed' && assessed.data.outcome).toBe('APPROVED');
          expect(assessed?.type === 'RiskAssessed' && assessed.data.decisionId).toBe(
            event.data.decisionId,
          );
          if (event.data.intent.side === 'sell') continue;
          const before = fold(decider, events.slice(0, index)) as Session;
          const reserved = money.add(
            ...before.working.values().map((order) => order.reservedCash),
            event.data.reservedCash,
          );
          expect(reserved <= before.cash).toBe(true);
        }
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test('folds to the same session whether at once or in parts', () => {
    fc.assert(
      fc.property(fc.array(stepOf, { maxLength: 40 }), fc.nat(200), (steps, cut) => {
        const { events, session } = live(steps);
        const prefix = fold(decider, events.slice(0, cut));
        const whole = events.slice(cut).reduce(decider.evolve, prefix);
        const plain = (of: Session) => ({
          ...of,
          working: workingInTurn(of),
          ...{ orders: of.orders.size, keys: of.keys.size },
          ...{ messages: of.messages.size, fingerprints: of.fingerprints.size },
          ...{ executions: of.executions.size, byTerms: of.byTerms.size },
          traded: of.traded.size,
          lastPrices: symbols.map((symbol) => of.lastPrices.get(symbol)),
        });
        expect(plain(whole as Session)).toEqual(plain(session));
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  test('decides nothing when a command is repeated on its own result', () => {
    const commands: readonly SessionCommand[] = [
      open,
      enable,
      { type: 'EngageHalt', halt: haltOf('global', null) },
      { type: 'AdoptLimits', document: limitsWith({}, 2), at: noon },
      { type: 'CloseSession', at: noon, marks: [], asked: symbols },
    ];
    const past: SessionEvent[] = [];
    for (const command of commands) {
      const first = given(...past).when(command);
      if (!first.ok) throw new Error(first.refusal.code);
      expect(first.value.length).toBeGreaterThan(0);
      past.push(...first.value);
      expect(given(...past).when(command)).toEqual({ ok: true, value: [] });
    }
  });
});

describe('a session', () => {
  test('takes nothing but its opening before it is open, and nothing but its closing after', () => {
    const opened = begun();
    const halt: SessionCommand = { type: 'EngageHalt', halt: haltOf('global', null) };
    expect(given().when(halt)).toMatchObject({ ok: false, refusal: { code: 'SESSION_NOT_OPEN' } });
    const closed = given(...opened).when({
      type: 'CloseSession',
      at: noon,
      marks: [],
      asked: symbols,
    });
    if (!closed.ok) throw new Error('refused');
    expect(given(...opened, ...closed.value).when(halt)).toMatchObject({
      ok: false,
      refusal: { code: 'SESSION_NOT_OPEN' },
    });
  });

  test('refuses a clock that runs backwards by more than a second', () => {
    const session = fold(decider, begun()) as Session;
    const step = { kind: 'place', symbol: 0, shares: 1, sell: false, bid: 12_000 } as const;
    expect(decider.decide(commandOf(step, -1, session), session)).toMatchObject({ ok: true });
    expect(decider.decide(commandOf(step, -2, session), session)).toMatchObject({
      ok: false,
      refusal: { code: 'CLOCK_BACKWARD' },
    });
  });

  test('takes a fill that crossed a cancel on its way, and none beyond the order', () => {
    const { events, session } = live([
      { kind: 'place', symbol: 0, shares: 10, sell: false, bid: 12_000 },
      { kind: 'cancel', order: 0 },
      { kind: 'canceled', order: 0 },
    ]);
    const late = (shares: number) =>
      commandOf({ kind: 'fill', order: 0, shares, at: 12_000 }, 60, session);
    const taken = given(...events).when(late(10));
    if (!taken.ok) throw new Error('refused');
    expect(taken.value.map(({ type }) => type)).toEqual(['OrderFilled']);
    expect(given(...events).when(late(11))).toEqual({ ok: true, value: [] });
    expect(given(...events, ...taken.value).when(late(10))).toEqual({ ok: true, value: [] });
  });

  test('values a buy at what was reserved until it fills', () => {
    const { session } = live([{ kind: 'place', symbol: 0, shares: 10, sell: false, bid: 12_000 }]);
    const [order] = session.working.values();
    expect(order?.reservedCash).toBe(
      money.add(notional(price.of('121.2202'), quantity.fromShares(10), 'up'), money.of('0.01')),
    );
  });
});
