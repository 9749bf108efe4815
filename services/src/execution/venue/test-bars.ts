import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { MarketBar } from '@sentinel/contracts/market';
import { type BarLook, venueReportsOnBar } from './index.ts';
import { fillsOf, look, orderOf, submittedAt, terms } from './test-look.ts';

export const still = { ...terms, slippageBps: 0 };

/** A bar from a text such as "open high low close", which begins a minute after the orders came. */
export const barOf = (
  prices: string,
  start = submittedAt.add({ minutes: 1 }),
  minutes = 1,
): MarketBar => {
  const [open = '', high = '', low = '', close = ''] = prices.split(' ');
  return {
    ...{ symbol: orderOf({}).intent.symbol, start, end: start.add({ minutes }) },
    ...{ open: price.of(open), high: price.of(high), low: price.of(low), close: price.of(close) },
    ...{ volume: quantity.of('1000000'), source: 'historical' },
  };
};

/** An order taken to a bar of which it may take all. */
export const barLook = (
  order: WorkingOrder,
  bar: MarketBar,
  rest: Partial<BarLook> = {},
): BarLook => {
  const { session, tradingDate } = look();
  const available = quantity.of('100000');
  return {
    ...{ order, bar, session, terms: still, tradingDate, available, isRenewed: false },
    ...rest,
  };
};

export const said = (order: WorkingOrder, bar: MarketBar, rest: Partial<BarLook> = {}) =>
  venueReportsOnBar(barLook(order, bar, rest)).reports;

export const pricesIn = (order: WorkingOrder, bar: MarketBar): readonly string[] =>
  fillsOf(said(order, bar)).map((fill) => price.format(fill.price as Price));
