import { divide, type Money, money } from '../kernel/index.ts';

/** A closed trade as its outcome counts. */
export type TradeOutcome = {
  /** After fees, borrowing and dividends. */
  readonly net: Money;
  /** What its entries risked; null when one had no stop. */
  readonly risk: Money | null;
  readonly closedAt: Temporal.Instant;
};

/** What a session began with and what came of it. */
export type DayOutcome = { readonly start: Money; readonly pnl: Money };

export type Performance = {
  readonly trades: number;
  readonly wins: number;
  readonly losses: number;
  readonly net: Money;
  readonly grossProfit: Money;
  readonly grossLoss: Money;
  /** Of all trades, 0 to 1; null without any. */
  readonly winRate: number | null;
  /** Profits over losses; null while nothing was lost. */
  readonly profitFactor: number | null;
  /** Mean of the R multiples, of those trades that have one. */
  readonly expectancyR: number | null;
  readonly tradesWithR: number;
};

export type Drawdown = { readonly amount: Money; readonly bps: number };

const tradingDaysPerYear = 252;

/** A ratio of two amounts as a plain number, to six places. */
const ratio = (part: Money, whole: Money): number =>
  Number(divide(part * 1_000_000n, whole, 'half-even')) / 1e6;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** What trades came to. A trade that came to nothing is neither won nor lost. */
export const performanceOf = (trades: readonly TradeOutcome[]): Performance => {
  const won = trades.filter(({ net }) => net > 0n);
  const lost = trades.filter(({ net }) => net < 0n);
  const grossProfit = money.add(...won.map(({ net }) => net));
  const grossLoss = money.negate(money.add(...lost.map(({ net }) => net)));
  const multiples = trades.flatMap(({ net, risk }) =>
    risk === null || risk <= 0n ? [] : [ratio(net, risk)],
  );
  return {
    trades: trades.length,
    wins: won.length,
    losses: lost.length,
    net: money.subtract(grossProfit, grossLoss),
    grossProfit,
    grossLoss,
    winRate: trades.length === 0 ? null : won.length / trades.length,
    profitFactor: grossLoss === 0n ? null : ratio(grossProfit, grossLoss),
    expectancyR: multiples.length === 0 ? null : mean(multiples),
    tradesWithR: multiples.length,
  };
};

/**
 * Sharpe ratio of daily returns, a year of 252 days, by the sample's deviation and without a riskless
 * rate. Null for fewer than two days, days without equity, and returns that never vary.
 */
export const dailySharpe = (days: readonly DayOutcome[]): number | null => {
  if (days.length < 2 || days.some(({ start }) => start <= 0n)) return null;
  const returns = days.map(({ start, pnl }) => Number(pnl) / Number(start));
  const average = mean(returns);
  const squares = returns.reduce((sum, value) => sum + (value - average) ** 2, 0);
  const deviation = Math.sqrt(squares / (returns.length - 1));
  return deviation === 0 ? null : (average / deviation) * Math.sqrt(tradingDaysPerYear);
};

/**
 * The deepest fall of the equity curve, as a share of its highest point before: the curve begins with the capital,
 * and moves by each trade as it closes, in that order. A strategy that only loses falls from its capital.
 */
export const worstDrawdown = (capital: Money, trades: readonly TradeOutcome[]): Drawdown => {
  const inOrder = trades.toSorted((a, b) => Temporal.Instant.compare(a.closedAt, b.closedAt));
  let [equity, peak] = [capital, capital];
  let worst: Drawdown = { amount: money.zero, bps: 0 };
  for (const { net } of inOrder) {
    equity = money.add(equity, net);
    peak = money.max(peak, equity);
    const amount = money.subtract(peak, equity);
    const bps = peak <= 0n ? 10_000 : Number(money.shareOf(amount, peak)) / 100;
    if (bps > worst.bps) worst = { amount, bps };
  }
  return worst;
};
