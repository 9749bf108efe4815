export { type BacktestInput, type BacktestOutput, backtestTask } from './backtest-task.ts';
export { type BacktestOptions, backtestHandlers } from './handlers.ts';
export { measureBacktest } from './measure-backtest.ts';
export { type WalkInput, type WalkOutput, walkForwardTask } from './walk-forward.ts';
