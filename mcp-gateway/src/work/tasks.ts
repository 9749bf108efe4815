import { sha256 } from '@sentinel/infra/runtime';
import { replayTask, whatIfTask } from '@sentinel/services/audit';
import { backtestTask, walkForwardTask } from '@sentinel/services/backtest';

/** What is reckoned in a thread of its own, by name. */
export const tasks = {
  replay: replayTask(sha256),
  whatIf: whatIfTask(sha256),
  backtest: backtestTask(sha256),
  walkForward: walkForwardTask(sha256),
} as const;

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
