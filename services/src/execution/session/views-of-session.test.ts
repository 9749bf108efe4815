import {
  type OrderId,
  type Price,
  price,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { noon, nvda } from '../../risk/fixtures.ts';
import type { SessionCommand } from './commands.ts';
import { type SessionEvent, workingInTurn } from './index.ts';
import { tradingDay } from './test-day.ts';
import { beside, moneyOf, type OrderRows, orderViews, shownBy } from './test-views.ts';

type Day = ReturnType<typeof tradingDay>;

const cents = fc.integer({ min: -400, max: 400 });
const shares = fc.integer({ min: 1, max: 300 });
const dollars = (offset: number): Price => price.of(((10_000 + offset) / 100).toFixed(2));

const stepOf = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      side: fc.constantFrom('buy' as const, 'sell' as const, 'sell_short' as const),
      type: fc.constantFrom(
        'market' as const,
        'limit' as const,
        'stop' as const,
        'trailing_stop' as const,
      ),
      exits: fc.boolean(),
      at: cents,
      shares,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('quote' as const), at: cents, shares }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'replace' as const),
      order: fc.nat(8),
      at: cents,
      shares,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('reconcile' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('action' as const),
      split: fc.boolean(),
      amount: fc.integer({ min: 1, max: 300 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('limits' as const), margin: fc.boolean() }),
  },
);
type Step = typeof stepOf extends fc.Arbitrary<infer Value> ? Value : never;

const order = (day: Day, step: Extract<Step, { kind: 'order' }>, second: number): OrderId =>
  day.place(
    {
      shares: step.shares,
      side: step.side,
      timeInForce: 'gtc',
      orderType: step.type,
      ...(step.type === 'limit' && { limitPrice: dollars(step.at) }),
      ...(step.type === 'stop' && {
        triggerPrice: dollars(step.side === 'buy' ? 20 + Math.abs(step.at) : -Math.abs(step.at)),
      }),
      ...(step.type === 'trailing_stop' && {
        trail: { amount: price.of('2'), bps: null },
      }),
      ...(step.exits &&
        step.side === 'buy' && {
          exits: { takeProfit: dollars(step.at + 900), stopLoss: dollars(step.at - 900) },
        }),
    },
    second,
    { prices: '99.99/100.01' },
  );

/** A wish that the session refuses changes nothing: what is tested is what it takes. */
const tried = <Value>(act: () => Value): Value | undefined => {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error && /^[A-Z_]+$/.test(error.message)) return undefined;
    throw error;
  }
};

const act = (day: Day, step: Step, n: number): void => {
  const second = n * 60;
  const at = noon.add({ seconds: second });
  switch (step.kind) {
    case 'order':
      tried(() => order(day, step, second));
      return;
    case 'quote':
      day.quote(`${price.format(dollars(step.at))}/${price.format(dollars(step.at + 2))}`, second, {
        shares: step.shares,
      });
      return;
    case 'cancel':
    case 'replace': {
      const working = workingInTurn(day.session());
      const id = working[step.order % Math.max(1, working.length)]?.orderId;
      if (id === undefined) return;
      if (step.kind === 'cancel') tried(() => day.cancel(id, second));
      else {
        const stops = day.session().working.get(id)?.intent.triggerPrice !== undefined;
        const moved = stops && { stopPrice: dollars(step.at) };
        const changes = { quantity: quantity.fromShares(step.shares), ...moved };
        tried(() => day.replace(id, changes, second));
      }
      return;
    }
    case 'reconcile':
      day.reconcile();
      return;
    case 'action':
      // What a night does is done before the day trades.
      return;
    case 'limits': {
      const { limits, version } = day.session().limits;
      const { margin: _, ...cash } = limits;
      const margin = { initialBps: 5_000, maintenanceBps: 3_000, shortMarkBps: 10_300 };
      const document = {
        version: version + 1,
        limits: { ...cash, ...(step.margin && { margin }) },
      };
      day.take({ type: 'AdoptLimits', document, at });
    }
  }
};

/** What the night before a day does, by the steps that say so. */
const nightOf = (steps: readonly Step[]): readonly SessionCommand[] =>
  steps.flatMap((step, n): readonly SessionCommand[] => {
    if (step.kind !== 'action') return [];
    const action: CorporateAction = {
      symbol: nvda,
      exDate: `2026-03-${String(1 + (n % 28)).padStart(2, '0')}` as TradingDate,
      split: step.split ? { newShares: 2, oldShares: 1 } : null,
      dividend: step.split ? null : price.of((step.amount / 100).toFixed(2)),
    };
    const charges = [{ symbol: nvda, mark: dollars(step.amount), annualFeeBps: 300 }];
    return [
      { type: 'ApplyCorporateActions', actions: [action], at: noon },
      { type: 'ChargeBorrowing', charges, nights: 1, at: noon },
    ];
  });

const faults = {
  rejectBps: 300,
  timeoutBps: 1_500,
  duplicateFillBps: 500,
  lateFillBps: 3_000,
  disconnectBps: 500,
};

/** Both days of a test count their orders from one; no two orders of a log have one id. */
const ofDayBefore = (id: OrderId): OrderId => id.replace('01890000', '01880000') as OrderId;

/** Two days: the second goes on with what the first leaves, orders on their way included. */
const lived = (steps: readonly Step[], seed: number): readonly (readonly SessionEvent[])[] => {
  const options = { venue: { seed, faults, latencyMs: 30_000 } };
  const first = tradingDay(options);
  const half = Math.ceil(steps.length / 2);
  steps.slice(0, half).forEach((step, n) => {
    act(first, step, n);
  });
  const working = workingInTurn(first.session());
  const marks = [{ symbol: nvda, price: price.of('100'), at: first.session().lastAt }];
  first.take({ type: 'CloseSession', at: noon.add({ hours: 4 }), marks, asked: [nvda] });
  const { closing } = first.session();
  if (closing === null) return [first.events];
  const previous = { stream: 'session-paper-2026-03-01', closed: closing };
  const carried = working
    .filter(({ orderId }) => first.session().working.has(orderId))
    .map((each) => ({
      ...each,
      orderId: ofDayBefore(each.orderId),
      ...(each.link && { link: { ...each.link, parentId: ofDayBefore(each.link.parentId) } }),
    }));
  const second = tradingDay({ ...options, previous, carried, night: nightOf(steps) });
  steps.slice(half).forEach((step, n) => {
    act(second, step, n);
  });
  return [first.events, second.events];
};

/** The rows of the day before, under the ids that their orders have in the day after. */
const rowsOfDayBefore = (rows: OrderRows): OrderRows =>
  new Map(
    [...rows.values()].map((row) => {
      const orderId = ofDayBefore(row.orderId);
      const link = row.link && { parentId: ofDayBefore(row.link.parentId) };
      return [orderId, { ...row, orderId, link }];
    }),
  );

const anyDays = fc.tuple(
  fc.array(stepOf, { minLength: 2, maxLength: 40, size: 'max' }),
  fc.nat(500),
);

describe('the orders view and the session', () => {
  test('agree on every order, its terms and where its stop stands', () => {
    fc.assert(
      fc.property(anyDays, ([steps, seed]) => {
        let rows: OrderRows = new Map();
        for (const events of lived(steps, seed)) {
          for (const { shown, known } of orderViews(events, rows)) expect(shown).toEqual(known);
          rows = rowsOfDayBefore(rows);
        }
      }),
      { numRuns: propertyRuns(150) },
    );
  });
});

describe('the account view and the session', () => {
  test('agree after every event on money, positions and what works', () => {
    fc.assert(
      fc.property(anyDays, ([steps, seed]) => {
        for (const events of lived(steps, seed))
          beside(events, (account, session) => {
            expect(shownBy(account)).toEqual(moneyOf(session));
          });
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  test('are compared on what can part them', () => {
    const seen = new Map<string, number>();
    let askedForMore = 0;
    for (const [steps, seed] of fc.sample(anyDays, { numRuns: 200, seed: 1 }))
      for (const events of lived(steps, seed)) {
        for (const { type } of events) seen.set(type, (seen.get(type) ?? 0) + 1);
        beside(events, ({ working }) => {
          if (working.some((of) => of.askedCash !== null && of.askedCash > of.reservedCash))
            askedForMore += 1;
        });
      }
    for (const type of [
      'OrderFilled',
      'OrderPartiallyFilled',
      'OrderPendingReplace',
      'OrderReplaced',
      'OrderReplaceRejected',
      'OrderCanceled',
      'OrderRejected',
      'OrderOutcomeUnknown',
      'WorkingOrdersCarried',
      'CorporateActionApplied',
      'BorrowFeeCharged',
      'LimitsAdopted',
    ])
      expect(seen.get(type) ?? 0, type).toBeGreaterThan(5);
    expect(askedForMore).toBeGreaterThan(20);
  });
});
