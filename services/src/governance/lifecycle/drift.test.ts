import { type Money, money } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { type DriftTrade, driftOf } from './drift.ts';

/** Trades of these R, of which each was at risk with 100 dollars. */
const trades = (rs: readonly number[], rest: Partial<DriftTrade> = {}): readonly DriftTrade[] =>
  rs.map((r) => ({
    ...{ pnl: BigInt(Math.round(r * 100_000_000)) as Money, risk: money.of('100') },
    ...{ slippageBps: 5, suited: true, ...rest },
  }));
const found = (of: readonly DriftTrade[]) => {
  const { level, signals } = driftOf(of);
  return [level, ...signals.flatMap(({ code, drifting }) => (drifting ? [code] : []))];
};
const steady = (count: number) => Array.from({ length: count }, () => 1);

describe('drift', () => {
  test('is not said of fewer than five trades', () => {
    expect(found(trades([-1, -1, -1, -1]))).toEqual(['insufficient']);
    expect(found(trades(steady(5)))).toEqual(['ok']);
  });

  test('is the last five trades earning three tenths less than those before', () => {
    expect(found(trades([...steady(10), 0.7, 0.7, 0.7, 0.7, 0.7]))).toEqual([
      'warn',
      'EXPECTANCY_FALLS',
    ]);
    expect(found(trades([...steady(10), 0.71, 0.71, 0.71, 0.71, 0.71]))).toEqual(['ok']);
    // What earned nothing before cannot earn less by a share.
    expect(found(trades([-1, -1, -1, -1, -1, 1, -3, 1, -3, 1]))).toEqual(['ok']);
  });

  test('is four losses in a row, up to the last trade', () => {
    expect(found(trades([...steady(4), -0.1, -0.1, -0.1]))).not.toContain('LOSING_STREAK');
    expect(found(trades([-1, 5, -1, -1, -1, -1]))).toContain('LOSING_STREAK');
    expect(found(trades([-1, -1, -1, -1, 1]))).not.toContain('LOSING_STREAK');
  });

  test('is slippage that rises by more than half', () => {
    const slipping = (after: number) => [
      ...trades(steady(3), { slippageBps: 4 }),
      ...trades(steady(3), { slippageBps: after }),
    ];
    expect(found(slipping(6))).toEqual(['ok']);
    expect(found(slipping(6.1))).toEqual(['warn', 'SLIPPAGE_RISES']);
    expect(
      found([
        ...trades(steady(3), { slippageBps: -2 }),
        ...trades(steady(3), { slippageBps: 1.4 }),
      ]),
    ).toEqual(['ok']);
    expect(
      found([
        ...trades(steady(3), { slippageBps: null }),
        ...trades(steady(3), { slippageBps: 90 }),
      ]),
    ).toEqual(['ok']);
  });

  test('is two of five trades in a regime that does not suit', () => {
    const mixed = [...trades(steady(3)), ...trades(steady(2), { suited: false })];
    expect(found(mixed)).toEqual(['warn', 'REGIME_MISMATCH']);
    expect(found([...mixed, ...trades(steady(1))])).toEqual(['ok']);
    expect(found(trades(steady(9), { suited: null }))).toEqual(['ok']);
  });

  test('is critical by two signs, and looks at the last twenty trades alone', () => {
    expect(found(trades([...steady(10), -1, -1, -1, -1, -1]))).toEqual([
      'critical',
      'EXPECTANCY_FALLS',
      'LOSING_STREAK',
    ]);
    const long = trades([...steady(30), -1, -1, -1, -1, -1, ...steady(20)]);
    expect(found(long)).toEqual(['ok']);
    expect(driftOf(long).trades).toBe(20);
  });
});
