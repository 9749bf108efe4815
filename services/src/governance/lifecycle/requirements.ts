import type { StrategyState } from '@sentinel/contracts/strategy';

/** What trades must have shown. Figures of domain.md, section 9; those that it lacks are ours. */
export type Performance = {
  readonly trades: number;
  readonly winRate: number;
  readonly profitFactor: number;
  readonly maxDrawdown: number;
  /** By the year, of daily returns. */
  readonly sharpe: number;
  readonly expectancyR: number;
};

/** What a promotion to a state asks for beside that the configuration is the frozen one. */
export type Requirements = {
  /** Backtests recorded of this very configuration. */
  readonly backtests?: number;
  /** Calendar days since the state that is named was come into. */
  readonly age?: { readonly of: StrategyState; readonly mostDays: number };
  readonly backtest?: Performance & {
    readonly sessions: number;
    /** Probability that the Sharpe ratio is more than the luck of the best of all trials. */
    readonly deflatedSharpe: number;
  };
  readonly record?: Performance & {
    readonly windowDays: number;
    readonly calendarDays: number;
    readonly sessions: number;
    readonly worstLoss: number;
    readonly slippageBps: number;
    readonly fillRate: number;
  };
  /** At most so many of the four signs of drift. */
  readonly driftSignals?: number;
  readonly human: boolean;
};

/** One-sided: with this confidence the expectancy is above zero. */
export const floorConfidence = 0.95;

const requirements: Readonly<Record<string, Requirements>> = {
  research: { human: false },
  backtest: { backtests: 1, human: false },
  backtest_approved: {
    backtest: {
      trades: 30,
      winRate: 0.4,
      profitFactor: 1.25,
      maxDrawdown: 0.15,
      sharpe: 0.5,
      expectancyR: 0.15,
      sessions: 252,
      deflatedSharpe: 0.95,
    },
    human: false,
  },
  paper: { age: { of: 'backtest_approved', mostDays: 180 }, human: false },
  paper_approved: {
    record: {
      trades: 20,
      winRate: 0.42,
      profitFactor: 1.3,
      maxDrawdown: 0.1,
      sharpe: 0.7,
      expectancyR: 0.2,
      windowDays: 60,
      calendarDays: 30,
      sessions: 10,
      worstLoss: 0.02,
      slippageBps: 15,
      fillRate: 0.85,
    },
    human: false,
  },
  live: { age: { of: 'paper_approved', mostDays: 90 }, driftSignals: 0, human: true },
  live_approved: {
    record: {
      trades: 15,
      winRate: 0.44,
      profitFactor: 1.35,
      maxDrawdown: 0.08,
      sharpe: 0.8,
      expectancyR: 0.25,
      windowDays: 30,
      calendarDays: 21,
      sessions: 8,
      worstLoss: 0.02,
      slippageBps: 12,
      fillRate: 0.88,
    },
    driftSignals: 0,
    human: true,
  },
};

/** A return from a suspension: the human decides, on a configuration that is the frozen one. */
const reinstatement: Requirements = { human: true };

export const requirementsOf = (from: StrategyState, to: StrategyState): Requirements =>
  from === 'suspended' ? reinstatement : (requirements[to] ?? reinstatement);
