import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { MarketBar } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { venueReportsOnBar } from './index.ts';
import { fillsOf, look, open, orderOf, submittedAt, terms, types } from './test-look.ts';

const at = price.of;

const barOf = (prices: string, start = submittedAt.add({ minutes: 1 }), minutes = 1): MarketBar => {
  const [first = '', high = '', low = '', close = ''] = prices.split(' ');
  return {
    ...{ symbol: orderOf({}).intent.symbol, start, end: start.add({ minutes }) },
    ...{ open: at(first), high: at(high), low: at(low), close: at(close) },
    ...{ volume: quantity.of('1000000'), source: 'historical' },
  };
};

const still = { ...terms, slippageBps: 0 };

const said = (
  order: WorkingOrder,
  bar: MarketBar,
  rest: { readonly terms?: typeof terms } = {},
) => {
  const { session, tradingDate } = look();
  const available = quantity.of('100000');
  return venueReportsOnBar({ order, bar, session, terms: still, tradingDate, available, ...rest })
    .reports;
};
const pricesIn = (order: WorkingOrder, bar: MarketBar): readonly string[] =>
  fillsOf(said(order, bar)).map((fill) => price.format(fill.price as Price));

describe('a fill on a bar', () => {
  const faulty = (duplicateFillBps: number) => ({
    ...still,
    faults: { rejectBps: 0, timeoutBps: 0, lateFillBps: 0, disconnectBps: 0, duplicateFillBps },
  });

  test('is told once, and with an injected fault the same twice', () => {
    const fills = (bps: number) =>
      fillsOf(said(orderOf({}), barOf('100 101 99 100'), { terms: faulty(bps) }));
    expect(fills(0)).toHaveLength(1);
    const [first, second] = fills(10_000);
    expect(second).toEqual(first);
    expect(first).toBeDefined();
  });
});

describe('the last bar of a day', () => {
  const closing = open.closesAt?.subtract({ minutes: 5 }) ?? submittedAt;
  const last = barOf('100 102 98 99', closing, 5);
  const inside = (intent: Partial<OrderIntent>) =>
    orderOf(intent, { submittedAt: closing.add({ minutes: 1 }) });

  test('gives its close to an order for the closing that came while it went on', () => {
    expect(pricesIn(inside({ timeInForce: 'cls' }), last)).toEqual(['99']);
  });

  test('gives nothing to any other that came while it went on', () => {
    expect(pricesIn(inside({}), last)).toEqual([]);
    expect(pricesIn(inside({ limitPrice: at('101') }), last)).toEqual([]);
    expect(pricesIn(orderOf({ limitPrice: at('101') }), last)).toEqual(['100']);
  });

  test('is the only one that an order for the closing meets', () => {
    const early = orderOf({ timeInForce: 'cls' });
    const inTheMidst = submittedAt.add({ seconds: 90 });
    const asked = orderOf({ timeInForce: 'cls' }, { status: 'submitted', submittedAt: inTheMidst });
    expect(types(said(asked, barOf('100 102 98 99')))).toEqual([]);
    expect(types(said(asked, barOf('100 102 98 99', submittedAt.add({ minutes: 2 }))))).toEqual([
      'accepted',
    ]);
    expect(types(said(early, barOf('100 102 98 99')))).toEqual([]);
    expect(pricesIn(early, last)).toEqual(['99']);
  });
});
