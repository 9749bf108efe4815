import { z } from 'zod';
import type { StrategyState } from '../strategy/index.ts';

/** The way of a strategy, one step at a time. `suspended` and `retired` lie beside it. */
export const lifecyclePath = [
  'draft',
  'research',
  'backtest',
  'backtest_approved',
  'paper',
  'paper_approved',
  'live',
  'live_approved',
] as const satisfies readonly StrategyState[];

/** What can be asked for; `draft` is where a strategy begins, and no promotion leads there but a return. */
export const promotionTargetSchema = z.enum([...lifecyclePath, 'retired']);
export type PromotionTarget = z.output<typeof promotionTargetSchema>;

/** The one state that a promotion from `state` leads to; undefined at the end, and beside the path. */
export const stateAfter = (state: StrategyState): StrategyState | undefined => {
  const path: readonly StrategyState[] = lifecyclePath;
  const at = path.indexOf(state);
  return at < 0 ? undefined : path[at + 1];
};

/** A state as answers show it; the arguments list them all. */
export const stateView = z.string();
