import {
  type EventId,
  type OrderId,
  type Price,
  price,
  quantity,
} from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import type { SessionEvent } from '../../execution/index.ts';
import { dayAfter, tradingDay } from '../../execution/session/test-day.ts';
import { nvda } from '../../risk/fixtures.ts';
import type { Entry } from './compare-events.ts';

type Of<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never;

/** Cents around a hundred dollars. */
const cents = fc.integer({ min: -600, max: 600 });
const shares = fc.integer({ min: 1, max: 400 });
const dollars = (offset: number): Price => price.of(((10_000 + offset) / 100).toFixed(2));

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      ...{ shares, at: cents },
      side: fc.constantFrom('buy' as const, 'sell' as const, 'sell_short' as const),
      type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const, 'trail' as const),
      gtc: fc.boolean(),
      exits: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('quote' as const),
      ...{ at: cents, shares },
      width: fc.nat(4),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('bar' as const),
      ...{ open: cents, close: cents, up: fc.nat(300), down: fc.nat(300) },
      volume: fc.nat(4_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'replace' as const, 'limit' as const),
      order: fc.nat(12),
      ...{ shares, at: cents },
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reconcile' as const) }) },
);
type Step = Of<typeof step>;
type At = { readonly each: Step; readonly second: number };
type Day = ReturnType<typeof tradingDay>;

const placed = (day: Day, each: Extract<Step, { kind: 'order' }>, second: number) => {
  const sign = each.side === 'buy' ? 1 : -1;
  const at = dollars(each.at);
  return day.place(
    {
      ...{ shares: each.shares, side: each.side },
      orderType: each.type === 'trail' ? 'trailing_stop' : each.type,
      limitPrice: each.type === 'limit' ? at : null,
      timeInForce: each.gtc ? 'gtc' : 'day',
      ...(each.type === 'stop' && { triggerPrice: at }),
      ...(each.type === 'trail' && { trail: { amount: price.of('1.5'), bps: null } }),
      ...(each.exits &&
        each.side !== 'sell' && {
          exits: {
            takeProfit: dollars(each.at + 700 * sign),
            stopLoss: dollars(each.at - 700 * sign),
          },
        }),
    },
    second,
    { prices: '99.99/100.01' },
  );
};

const changed = (day: Day, order: OrderId | undefined, { each, second }: At): void => {
  const working = order === undefined ? undefined : day.session().working.get(order);
  if (order === undefined || working === undefined) return;
  if (each.kind === 'cancel') day.cancel(order, second);
  if (each.kind === 'replace')
    day.replace(order, { quantity: quantity.fromShares(each.shares) }, second);
  if (each.kind === 'limit') day.replace(order, { limitPrice: dollars(each.at) }, second);
};

const lived = (day: Day, steps: readonly Step[]): void => {
  const orders: OrderId[] = [];
  steps.forEach((each, n) => {
    try {
      if (each.kind === 'order') orders.push(placed(day, each, n * 60));
      else if (each.kind === 'quote')
        day.quote(
          `${price.format(dollars(each.at))}/${price.format(dollars(each.at + each.width))}`,
          n * 60,
          { shares: each.shares },
        );
      else if (each.kind === 'bar')
        day.bar(
          [
            each.open,
            Math.max(each.open, each.close) + each.up,
            Math.min(each.open, each.close) - each.down,
            each.close,
          ]
            .map((offset) => price.format(dollars(offset)))
            .join(' '),
          n - 1,
          each.volume,
        );
      else if (each.kind === 'reconcile') day.reconcile();
      else changed(day, orders[each.order], { each, second: n * 60 });
    } catch {
      // Denied, or refused: what is refused leaves no event.
    }
  });
};

const faults = {
  ...{ rejectBps: 300, timeoutBps: 300, duplicateFillBps: 1_000 },
  ...{ lateFillBps: 3_000, disconnectBps: 300 },
};
const limits = {
  ...{ maxPositionBps: 2_000, maxGrossExposureBps: 4_000, maxTradeRiskBps: 100_000 },
  ...{ maxDailyDrawdownBps: 300, maxWeeklyDrawdownBps: 100_000 },
};

/** A day with every kind of order and every fault, and the day after it with a split and a dividend. */
const daysOf = ([first, second, seed]: readonly [readonly Step[], readonly Step[], number]) => {
  const day = tradingDay({ venue: { seed, slippageBps: 5, faults }, limits });
  lived(day, first);
  const at = day.session().lastAt;
  const split = { newShares: 2, oldShares: 1 };
  const next = dayAfter(day, '100', [
    {
      type: 'ApplyCorporateActions',
      actions: [{ symbol: nvda, exDate: day.session().date, split, dividend: null }],
      at,
    },
    {
      type: 'ChargeBorrowing',
      charges: [{ symbol: nvda, mark: price.of('100'), annualFeeBps: 300 }],
      nights: 1,
      at,
    },
  ]);
  lived(next, second);
  return { day, next };
};

export const anyDays = fc
  .tuple(
    fc.array(step, { maxLength: 40, size: 'max' }),
    fc.array(step, { maxLength: 15, size: 'max' }),
    fc.nat(1_000),
  )
  .map(daysOf);

export const entriesOf = (events: readonly SessionEvent[]): readonly Entry[] =>
  events.map((event, n) => ({
    event,
    id: `01890000-0000-7000-9000-${n.toString(16).padStart(12, '0')}` as EventId,
    older: false,
  }));
