import { money, price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { buy, held, nvda } from '../risk/fixtures.ts';
import { adjustedPrices } from './action-terms.ts';
import { dividendOn, movedStop, splitPosition } from './corporate-actions.ts';

const action = (rest: Partial<CorporateAction>): CorporateAction => ({
  ...{ symbol: nvda, exDate: '2026-03-03' as TradingDate, split: null, dividend: null },
  ...rest,
});
const pays = (dollars: string) => action({ dividend: price.of(dollars) });
const twoForOne = action({ split: { newShares: 2, oldShares: 1 } });
const at = (text: string) => price.of(text);
const after = (intent: Partial<OrderIntent>, what: CorporateAction, isTriggered = false) =>
  adjustedPrices(buy(10, intent), what, isTriggered);

describe('terms after a dividend', () => {
  test('follow it from a cent on', () => {
    const limit = { orderType: 'limit', limitPrice: at('100') } as const;
    expect(after(limit, pays('0.01')).limitPrice).toBe(at('99.99'));
    expect(after(limit, pays('0.009999')).limitPrice).toBe(at('100'));
  });

  test('leave a stop that was reached where it was', () => {
    const stop = { side: 'sell', orderType: 'stop', triggerPrice: at('95') } as const;
    expect(after(stop, pays('1')).triggerPrice).toBe(at('94'));
    expect(after(stop, pays('1'), true).triggerPrice).toBe(at('95'));
  });

  test('move where its owner means to sell, and not where a short sale is bought back', () => {
    expect(after({ stopPrice: at('95') }, pays('1')).stopPrice).toBe(at('94'));
    expect(after({ side: 'sell_short', stopPrice: at('105') }, pays('1')).stopPrice).toBe(
      at('105'),
    );
    expect(after({ stopPrice: null }, pays('1')).stopPrice).toBeNull();
  });

  test('mean no stop any more where nothing is left of it', () => {
    expect(after({ stopPrice: at('1') }, pays('1')).stopPrice).toBeNull();
    expect(after({ stopPrice: at('1') }, pays('2')).stopPrice).toBeNull();
  });

  test('keep the trail, which is a distance', () => {
    const trail = { amount: at('3'), bps: null };
    expect(after({ side: 'sell', orderType: 'trailing_stop', trail }, pays('1')).trail).toEqual(
      trail,
    );
  });
});

describe('terms after a split', () => {
  test('are in the new shares, each rounded away from trading sooner', () => {
    const trail = { amount: at('3.01'), bps: null };
    const share = { amount: null, bps: 200 };
    expect(after({ trail }, twoForOne).trail).toEqual({ amount: at('1.51'), bps: null });
    expect(after({ trail: share }, twoForOne).trail).toEqual(share);
    expect(after({}, twoForOne).trail).toBeUndefined();
    expect(after({ stopPrice: at('95') }, twoForOne).stopPrice).toBe(at('47.5'));
  });

  test('that leaves nothing of a holding ends it', () => {
    const crumb = { ...held(nvda, 1, '100'), quantity: quantity.of('0.000000001') };
    expect(splitPosition(crumb, { newShares: 1, oldShares: 3 })).toBeNull();
  });
});

describe('where a stop stands that trails', () => {
  test('is on the grid, away from trading sooner', () => {
    expect(movedStop(at('100.05'), twoForOne, false)).toBe(at('50.02'));
    expect(movedStop(at('100.05'), twoForOne, true)).toBe(at('50.03'));
  });

  test('is the smallest price there is where a dividend leaves nothing of it', () => {
    for (const dollars of ['1', '2']) {
      expect(movedStop(at('1'), pays(dollars), false)).toBe(at('0.01'));
      expect(movedStop(at('1'), pays(dollars), true)).toBe(at('1'));
    }
  });
});

test('a dividend on a part of a share is rounded against the account, long or short', () => {
  const half = { ...held(nvda, 1, '100'), quantity: quantity.of('0.5') };
  const short = { ...half, quantity: quantity.of('-0.5') };
  expect(money.format(dividendOn(half, at('0.333333')))).toBe('0.166666');
  expect(money.format(dividendOn(short, at('0.333333')))).toBe('-0.166667');
});
