import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Money, money } from '../kernel/index.ts';
import { dailySharpe, performanceOf, type TradeOutcome, worstDrawdown } from './performance.ts';

const noon = Temporal.Instant.from('2026-03-02T17:00:00Z');
const trade = (net: string, minute = 0, risk: string | null = null): TradeOutcome => ({
  net: money.of(net),
  risk: risk === null ? null : money.of(risk),
  closedAt: noon.add({ minutes: minute }),
});
const day = (start: string, pnl: string) => ({ start: money.of(start), pnl: money.of(pnl) });

describe('performance', () => {
  test('counts what was won and lost, and R where there is one', () => {
    const of = performanceOf([
      trade('100', 0, '50'),
      trade('-50', 1, '50'),
      trade('0', 2),
      trade('-25', 3),
    ]);
    expect(of).toMatchObject({
      ...{ trades: 4, wins: 1, losses: 2, winRate: 0.25 },
      ...{ net: money.of('25'), tradesWithR: 2, expectancyR: 0.5 },
    });
    expect(of.profitFactor).toBeCloseTo(100 / 75, 6);
  });

  test('has no rates without trades, and no profit factor while nothing was lost', () => {
    expect(performanceOf([])).toMatchObject({
      winRate: null,
      profitFactor: null,
      expectancyR: null,
    });
    expect(performanceOf([trade('1')]).profitFactor).toBeNull();
  });
});

describe('the Sharpe ratio', () => {
  test('is of daily returns, and not of trades', () => {
    const days = [day('100000', '1000'), day('101000', '-505'), day('100495', '1004.95')];
    const returns = [0.01, -0.005, 0.01];
    const average = 0.005;
    const deviation = Math.sqrt(returns.reduce((sum, r) => sum + (r - average) ** 2, 0) / 2);
    expect(dailySharpe(days)).toBeCloseTo((average / deviation) * Math.sqrt(252), 9);
  });

  test.each([
    ['one day', [day('100000', '5')]],
    ['returns that never vary', [day('100000', '0'), day('100000', '0')]],
    ['a day without equity', [day('0', '5'), day('100000', '3')]],
  ])('is not known of %s', (_, days) => {
    expect(dailySharpe(days)).toBeNull();
  });
});

describe('the drawdown of the equity curve', () => {
  test('D42: goes by when trades closed, however they come', () => {
    const capital = money.of('1000');
    const trades = [trade('100', 0), trade('-300', 1), trade('500', 2), trade('-130', 3)];
    const expected = worstDrawdown(capital, trades);
    expect(expected.amount).toBe(money.of('300'));
    expect(expected.bps).toBeCloseTo((300 / 1100) * 10_000, 1);
    const byPnl = trades.toSorted((a, b) => (a.net < b.net ? -1 : 1));
    expect(worstDrawdown(capital, byPnl)).toEqual(expected);
  });

  test('of a strategy that only loses is its loss of the capital, and not zero', () => {
    const { amount, bps } = worstDrawdown(money.of('1000'), [trade('-50', 0), trade('-50', 1)]);
    expect(amount).toBe(money.of('100'));
    expect(bps).toBe(1_000);
  });

  test('is never negative, nor a smaller share than the fall from capital to the end', () => {
    const nets = fc.array(fc.bigInt(-(10n ** 9n), 10n ** 9n), { maxLength: 30 });
    fc.assert(
      fc.property(nets, (all) => {
        const capital = money.of('100000');
        const trades = all.map((net, n) => ({ ...trade('0', n), net: net as Money }));
        const { amount, bps } = worstDrawdown(capital, trades);
        const lost = money.negate(money.add(...trades.map(({ net }) => net)));
        expect(amount >= 0n).toBe(true);
        if (lost > 0n)
          expect(bps).toBeGreaterThanOrEqual(Number(money.shareOf(lost, capital)) / 100);
      }),
    );
  });
});
