import type { BacktestRecord, BacktestStatus, WalkRecord } from '@sentinel/contracts/backtest';
import type { Money } from '@sentinel/contracts/kernel';

/** What a figure means has four places at the most. */
const places = 4;
const rounded = (value: number): number => Number(value.toFixed(places));
const roundedOrNull = (value: number | null): number | null =>
  value === null ? null : rounded(value);

export const viewOfBacktest = (
  { result, figures, lookAhead, counts }: BacktestRecord,
  finalEquity: Money,
): NonNullable<BacktestStatus['backtest']> => {
  const { trades, returns, maxDrawdown } = result;
  const { benchmark } = figures;
  return {
    ...{ first_day: result.from, last_day: result.to, trading_days: returns.days },
    ...{ starting_cash: result.startingCash, final_equity: finalEquity },
    returns: {
      total: rounded(figures.totalReturn),
      annual: roundedOrNull(figures.annualReturn),
      sharpe: roundedOrNull(figures.sharpe),
      sortino: roundedOrNull(figures.sortino),
      calmar: roundedOrNull(figures.calmar),
      max_drawdown: rounded(maxDrawdown),
      longest_drawdown_days: figures.longestDrawdownDays,
    },
    trades: {
      count: trades.count,
      win_rate: trades.count === 0 ? null : rounded(trades.wins / trades.count),
      profit_factor: roundedOrNull(figures.profitFactor),
      expectancy_r: roundedOrNull(trades.meanR),
      worst_loss: rounded(trades.worstLoss),
      slippage_bps: roundedOrNull(trades.slippageBps),
      fill_rate: roundedOrNull(trades.fillRate),
    },
    ...{ gross_profit: trades.grossProfit, gross_loss: trades.grossLoss },
    benchmark: {
      total_return: rounded(benchmark.totalReturn),
      excess_return: rounded(benchmark.excessReturn),
      beta: roundedOrNull(benchmark.beta),
      alpha: roundedOrNull(benchmark.alpha),
      correlation: roundedOrNull(benchmark.correlation),
      information_ratio: roundedOrNull(benchmark.informationRatio),
    },
    look_ahead: {
      ...{ result: lookAhead.result, cuts: lookAhead.cuts },
      events_compared: lookAhead.eventsCompared,
      first_difference_at: lookAhead.firstDifferenceAt,
    },
    counts,
  };
};

export const viewOfWalk = (walk: WalkRecord): NonNullable<BacktestStatus['walk_forward']> => ({
  windows: walk.windows.map((window) => ({
    ...{ train_from: window.trainFrom, test_from: window.testFrom, test_to: window.testTo },
    parameters: window.parameters,
    train_sharpe: roundedOrNull(window.trainSharpe),
    train_trades: window.trainTrades,
    test_sharpe: roundedOrNull(window.testSharpe),
    test_trades: window.testTrades,
    test_return: rounded(window.testReturn),
    test_profit_factor:
      window.testLoss === 0n ? null : rounded(Number(window.testProfit) / Number(window.testLoss)),
  })),
  profitable_windows: walk.windows.filter(({ testReturn }) => testReturn > 0).length,
  consistency: rounded(walk.consistency),
  out_of_sample_profit_factor: roundedOrNull(walk.profitFactor),
  out_of_sample_trades: walk.windows.reduce((all, { testTrades }) => all + testTrades, 0),
  ...{ verdict: walk.verdict, trials: walk.trials },
});
