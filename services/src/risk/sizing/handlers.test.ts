import { accepted, beforeAll, type Price, price } from '@sentinel/contracts/kernel';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { stillMarket } from '../../execution/test-kit/still-market.ts';
import { testContext, tuesdayNoon } from '../../execution/test-kit/test-desk.ts';
import {
  limitsWith,
  marginLimits,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  quoteOf,
} from '../fixtures.ts';
import { sizeHandlers } from './handlers.ts';

const digest = 'a'.repeat(64) as NonNullable<RiskFacts['averageTrueRange']>['barsDigest'];
/** An average true range of so much, at a quote that is off the grid, as averages and feeds are. */
const sizing = (quote: string, range: string) => {
  const facts = ordinaryFacts({
    quote: quoteOf(nvda, quote),
    averageTrueRange: { value: price.of(range), barsDigest: digest },
  });
  const standing = { account: ordinaryAccount(), facts, limits: limitsWith(marginLimits) };
  const { SizePosition } = sizeHandlers({
    market: stillMarket(tuesdayNoon).market,
    standing: async () => accepted({ ...standing, logPosition: beforeAll }),
    regime: {
      evaluate: async () =>
        accepted({
          event: { classification: { label: 'trending_bull', tradeability: 0.8 } },
        }) as never,
    },
  });
  return (input: Partial<Parameters<typeof SizePosition>[0]>) =>
    SizePosition({ symbol: nvda, side: 'buy', confidence: 1, ...input }, testContext);
};
const levels = (answer: Awaited<ReturnType<ReturnType<typeof sizing>>>) =>
  answer.ok ? [answer.value.entry, answer.value.stop].map(price.format) : answer.refusal.code;

describe('the prices that a size is proposed for', () => {
  test('stand on the grid, each against the trade', async () => {
    const size = sizing('119.9533/120.0011', '1.23456');
    expect(levels(await size({ side: 'buy' }))).toEqual(['120.01', '117.54']);
    expect(levels(await size({ side: 'sell_short' }))).toEqual(['119.95', '122.42']);
  });

  test('stand on the finer grid below a dollar', async () => {
    const size = sizing('0.91233/0.91237', '0.01001');
    expect(levels(await size({ side: 'buy' }))).toEqual(['0.9124', '0.8923']);
    expect(levels(await size({ side: 'sell_short' }))).toEqual(['0.9123', '0.9324']);
  });

  test('are the caller’s where the caller gives them, and refused off the grid', async () => {
    const size = sizing('119.95/120', '1.23456');
    const [entry, stop] = [price.of('119.5'), price.of('117.5')];
    expect(levels(await size({ entry, stop }))).toEqual(['119.5', '117.5']);
    for (const off of [{ entry: price.of('119.505') }, { stop: price.of('117.501') as Price }])
      expect(levels(await size(off))).toBe('INVALID_ARGUMENT');
  });

  test('are refused where twice the range leaves no stop above zero', async () => {
    expect(levels(await sizing('1.99/2', '1')({}))).toBe('INVALID_ARGUMENT');
  });
});
