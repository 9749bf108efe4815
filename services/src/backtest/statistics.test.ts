import { money, type Price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  againstBenchmark,
  annualSharpe,
  annualSortino,
  drawdown,
  returnSummary,
  tradeSummary,
} from './statistics.ts';
import type { Trade } from './trade-ledger.ts';

const share = fc.double({ min: -0.2, max: 0.2, noNaN: true });
const returns = fc.array(share, { minLength: 3, maxLength: 60 });

/** By other ways than the code: raw sums, normal equations, every pair of days. */
const raw = (values: readonly number[], power: number) =>
  values.reduce((sum, value) => sum + value ** power, 0) / values.length;

describe('daily returns', () => {
  test('have the moments that raw sums give', () => {
    fc.assert(
      fc.property(returns, (values) => {
        const n = values.length;
        const [m1, m2, m3, m4] = [1, 2, 3, 4].map((power) => raw(values, power)) as [
          ...[number, number, number, number],
        ];
        const variance = m2 - m1 ** 2;
        fc.pre(variance > 1e-6);
        const summary = returnSummary(values);
        expect(summary.mean).toBeCloseTo(m1, 10);
        expect(summary.stdev).toBeCloseTo(Math.sqrt((variance * n) / (n - 1)), 8);
        expect(summary.skewness).toBeCloseTo((m3 - 3 * m1 * m2 + 2 * m1 ** 3) / variance ** 1.5, 4);
        const fourth = m4 - 4 * m1 * m3 + 6 * m1 ** 2 * m2 - 3 * m1 ** 4;
        expect(summary.kurtosis).toBeCloseTo(fourth / variance ** 2, 3);
        expect(annualSharpe(summary)).toBeCloseTo(
          (m1 * Math.sqrt(252)) / Math.sqrt((variance * n) / (n - 1)),
          6,
        );
      }),
    );
  });

  test('known by hand', () => {
    expect(annualSharpe(returnSummary([0.01, -0.01, 0.02]))).toBeCloseTo(6.928, 3);
    expect(annualSortino([0.01, -0.01, 0.02])).toBeCloseTo(18.33, 3);
    expect(annualSortino([0.01, 0.02])).toBe(null);
    expect(annualSharpe(returnSummary([0.01, 0.01]))).toBe(null);
    expect(returnSummary([])).toEqual({ days: 0, mean: 0, stdev: 0, skewness: 0, kurtosis: 3 });
  });

  test('stand to a benchmark as the normal equations have it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share), { minLength: 4, maxLength: 40 }), (pairs) => {
        const [own, held] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)];
        const n = pairs.length;
        const sum = (of: (pair: readonly [number, number]) => number) =>
          pairs.reduce((total, pair) => total + of(pair), 0);
        const [sx, sy] = [sum(([, y]) => y), sum(([x]) => x)];
        const [sxx, sxy] = [sum(([, y]) => y * y), sum(([x, y]) => x * y)];
        fc.pre(n * sxx - sx * sx > 1e-3);
        const slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
        const figures = againstBenchmark(own, held);
        expect(figures.beta).toBeCloseTo(slope, 6);
        expect(figures.alpha).toBeCloseTo(((sy - slope * sx) / n) * 252, 5);
        const grown = (values: readonly number[]) => values.reduce((all, r) => all * (1 + r), 1);
        expect(figures.excessReturn).toBeCloseTo(grown(own) - grown(held), 9);
      }),
    );
  });
});

describe('a drawdown', () => {
  test('is the deepest of all pairs of a day and an earlier one', () => {
    const equity = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(equity, (curve) => {
        const falls = curve.flatMap((later, n) =>
          curve.slice(0, n + 1).map((earlier) => (earlier - later) / earlier),
        );
        expect(drawdown(curve).deepest).toBeCloseTo(Math.max(0, ...falls), 10);
      }),
    );
  });

  test('counts the starting capital as a peak: what only loses falls from there', () => {
    expect(drawdown([100, 90, 80])).toEqual({ deepest: 0.2, longestDays: 2 });
    expect(drawdown([100, 110, 99, 120])).toEqual({ deepest: 0.1, longestDays: 1 });
  });
});

test('trades come to exact sums, and R by what stood at risk', () => {
  const at = Temporal.Instant.from('2026-03-02T17:00:00Z');
  const trade = (pnl: string, risk: string | null): Trade => ({
    ...{ symbol: 'AAA' as Ticker, side: 'long', openedAt: at, closedAt: at },
    ...{ closedOn: '2026-03-02' as TradingDate, shares: quantity.fromShares(1) },
    ...{ entry: 1_000_000n as Price, slippageBps: 2, equity: money.of('1000') },
    ...{ pnl: money.of(pnl), risk: risk === null ? null : money.of(risk) },
  });
  const trades = [trade('0.1', '0.1'), trade('0.2', null), trade('-50', '25'), trade('0', '1')];
  expect(tradeSummary(trades, 0.5)).toEqual({
    ...{ count: 4, wins: 2, grossProfit: money.of('0.3'), grossLoss: money.of('50') },
    ...{ rCount: 3, meanR: (1 - 2 + 0) / 3, stdevR: expect.closeTo(1.5275, 4) },
    ...{ worstLoss: 0.05, slippageBps: 2, fillRate: 0.5 },
  });
});
