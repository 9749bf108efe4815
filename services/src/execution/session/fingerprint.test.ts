import { price } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { buy } from '../../risk/fixtures.ts';
import { fingerprintOf } from './state.ts';

test.each([
  ['a market order', buy(10), 'NVDA|buy|10000000000|market'],
  [
    'a limit',
    buy(10, { orderType: 'limit', limitPrice: price.of('99') }),
    'NVDA|buy|10000000000|99000000',
  ],
  [
    'a stop',
    buy(10, { orderType: 'stop', triggerPrice: price.of('101') }),
    'NVDA|buy|10000000000|market|101000000',
  ],
])('before risk-5 %s counted as the same by this text, and does in a replay', (_, intent, text) => {
  expect(fingerprintOf(intent)).toBe(text);
});
