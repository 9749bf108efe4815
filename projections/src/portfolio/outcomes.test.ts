import {
  type EventId,
  money,
  type OrderId,
  price,
  quantity,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { minutesLater, ticker } from '../samples/events.ts';
import { sampleId } from '../samples/ids.ts';
import type { DailyBooks } from './daily-books.ts';
import { closedTradeView } from './history.ts';
import { statisticsOf } from './outcomes.ts';
import type { Trade } from './trades/index.ts';

const date = (day: number) => `2026-03-0${day}` as TradingDate;
const leg = (value: string, slippage = '0') => ({
  shares: quantity.of('10'),
  value: money.of(value),
  decided: money.of('1000'),
  slippage: money.of(slippage),
});

/** A long trade of ten shares that closed on a day of March with a realised P&L and one dollar of fees. */
const trade = (day: number, pnl: string, rest: Partial<Trade> = {}): Trade => ({
  tradeId: sampleId(day) as EventId,
  account: 'paper',
  symbol: ticker('NVDA'),
  side: 'long',
  strategyId: 'momentum_v1',
  openingOrderId: sampleId(1) as OrderId,
  decisionId: null,
  closingOrderId: sampleId(2) as OrderId,
  closedBy: sampleId(day + 100) as EventId,
  exit: null,
  quantity: quantity.zero,
  cost: money.zero,
  entry: leg('1000', '0.5'),
  exited: leg('1000', '0.5'),
  stop: price.of('95'),
  risk: money.of('50'),
  realizedPnl: money.of(pnl),
  fees: money.of('1'),
  borrowFees: money.zero,
  dividends: money.zero,
  fills: 2,
  openedAt: minutesLater(day * 1_440),
  openedOn: date(day),
  closedAt: minutesLater(day * 1_440 + 30),
  closedOn: date(day),
  ...rest,
});

const day = (n: number, opening: string, closing: string | null): DailyBooks => ({
  account: 'paper',
  date: date(n),
  openingEquity: money.of(opening),
  closingEquity: closing === null ? null : money.of(closing),
  realizedPnl: money.zero,
  fees: money.zero,
  epoch: 1,
});
const days = [
  day(2, '10000', '10099'),
  day(3, '10099', '10048'),
  day(4, '10048', '10147'),
  day(5, '10147', null),
];
const trades = [trade(2, '100'), trade(3, '-50'), trade(4, '100')];

const sharpe = (returns: readonly number[]): number => {
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (mean / Math.sqrt(squares / (returns.length - 1))) * Math.sqrt(252);
};

describe('statistics', () => {
  test('are net of fees, rounded to what they mean', () => {
    expect(statisticsOf(trades, days, {})).toMatchObject({
      ...{ trades_count: 3, won_count: 2, lost_count: 1, win_rate_pct: 66.7 },
      ...{ net_pnl_usd: money.of('147'), average_pnl_usd: money.of('49') },
      ...{ average_win_usd: money.of('99'), average_loss_usd: money.of('-51') },
      ...{ profit_factor: 3.88, expectancy_r: 0.98, costs_usd: money.of('3') },
      ...{ average_slippage_bps: 5, average_held_minutes: 30 },
      ...{ starting_capital_usd: money.of('10000'), max_drawdown_usd: money.of('51') },
    });
  });

  test('take the returns of closed sessions: of the account, or of what a strategy closed', () => {
    const account = [99 / 10_000, -51 / 10_099, 99 / 10_048];
    const all = statisticsOf(trades, days, {});
    expect(all.sessions_count).toBe(3);
    expect(all.sharpe_of_daily_returns).toBeCloseTo(sharpe(account), 2);
    const one = statisticsOf(trades.slice(0, 1), days, { strategy: 'momentum_v1' });
    expect(one.sharpe_of_daily_returns).toBeCloseTo(sharpe([99 / 10_000, 0, 0]), 2);
  });

  test('of nothing have no rates', () => {
    expect(statisticsOf([], [], {})).toMatchObject({
      ...{ trades_count: 0, win_rate_pct: null, average_pnl_usd: null, profit_factor: null },
      ...{ sharpe_of_daily_returns: null, starting_capital_usd: null, max_drawdown_bps: null },
    });
  });
});

test('a closed trade is shown by means, R and basis points', () => {
  const shown = closedTradeView(
    trade(2, '33.333333', { entry: leg('1000.123456', '0.5'), dividends: money.of('2') }),
  );
  expect(shown).toMatchObject({
    entry_price: price.of('100.0123'),
    net_pnl_usd: money.of('34.333333'),
    r_multiple: 0.69,
    slippage_bps: 5,
    held_minutes: 30,
    exit: 'order',
  });
  expect(() => closedTradeView(trade(2, '1', { closedAt: null }))).toThrow('is open');
});
