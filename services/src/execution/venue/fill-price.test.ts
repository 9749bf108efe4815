import { price, quantity } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { fillPrice, type PricedBy } from './fill-price.ts';
import { orderOf, terms } from './test-look.ts';

const by = (rest: Partial<PricedBy> = {}): PricedBy => ({
  terms: { ...terms, slippageBps: 0 },
  size: quantity.fromShares(100),
  ...rest,
});
const at = (text: string) => price.of(text);
const priced = (side: 'buy' | 'sell', from: string, rest: Partial<PricedBy> = {}) =>
  price.format(
    fillPrice(orderOf({ side }, { sequence: 1, status: 'accepted' }), at(from), by(rest)),
  );

test('a stop that has just been reached is no better than its price, whatever the far side shows', () => {
  expect(priced('buy', '99.9', { stopAt: at('100') })).toBe('100');
  expect(priced('buy', '100.1', { stopAt: at('100') })).toBe('100.1');
  expect(priced('sell', '100.1', { stopAt: at('100') })).toBe('100');
  expect(priced('sell', '99.9', { stopAt: at('100') })).toBe('99.9');
  expect(priced('buy', '99.9')).toBe('99.9');
});

test('nothing trades beyond what anybody traded at', () => {
  const within = { low: at('99'), high: at('101') };
  expect(priced('buy', '102', { within })).toBe('101');
  expect(priced('buy', '100', { within })).toBe('100');
  expect(priced('sell', '98', { within })).toBe('99');
  expect(priced('sell', '100', { within })).toBe('100');
});
