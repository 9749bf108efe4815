import { price } from '@sentinel/contracts/kernel';
import type { Classification } from '@sentinel/contracts/regime';
import type { Condition } from '@sentinel/contracts/strategy';
import type { StrategyFamily } from '../regime/index.ts';
import { inOrder, type Levels, type Side } from './levels.ts';
import type { StrategyFinding } from './strategy.ts';

export const condition = (name: string, met: boolean, detail: string): Condition => ({
  name,
  met,
  detail,
});

/** A figure in a sentence. */
export const text = (value: number): string =>
  Number.isFinite(value) ? value.toFixed(2) : 'not measured';

/** The newest value of a column, or the one `back` from the end; NaN when there is none. */
export const last = (column: Float64Array, back = 1): number => column.at(-back) ?? Number.NaN;

/** Whether there are bars enough to judge; when not, nothing else is said of them. */
export const historyCondition = (count: number, least: number): Condition =>
  condition('history', count >= least, `There are ${count} completed bars; ${least} are needed.`);

/** How the regime suits a family of strategies: the condition, and the score of it, 0 to 1. */
export const regimeFit = ({ label, compatibility }: Classification, family: StrategyFamily) => {
  const { compatible, score } = compatibility[family] ?? { compatible: false, score: 0 };
  const detail = `The regime ${label} ${compatible ? 'suits' : 'does not suit'} ${family} (score ${text(score)}).`;
  return { score, condition: condition('regime', compatible, detail) };
};

/** Says the prices of the trade, and whether they make one. */
export const levelsCondition = (side: Side, levels: Levels | undefined): Condition => {
  if (levels === undefined)
    return condition('levels', false, 'A price of the trade was not measured.');
  const [entry, stop, target] = [levels.entry, levels.stop, levels.target].map(price.format);
  return condition(
    'levels',
    inOrder(side, levels),
    side === 'buy'
      ? `The stop ${stop} must be below the entry ${entry}, and that below the target ${target}.`
      : `The stop ${stop} must be above the entry ${entry}, and that above the target ${target}, all above zero.`,
  );
};

/** A trade as a rule would make it if every condition is met. */
export type Proposal = {
  readonly side: Side;
  readonly levels: Levels | undefined;
  readonly confidence: number;
  readonly maxHoldBars: number;
  readonly indicators: Readonly<Record<string, number>>;
};

/**
 * The finding: a draft when all conditions are met. A draft whose prices make no trade, or with a
 * figure that is none, is a bug of its rule, and throws.
 */
export const findingOf = (conditions: Condition[], proposal: Proposal): StrategyFinding => {
  const { side, levels, confidence, maxHoldBars, indicators } = proposal;
  if (levels === undefined || conditions.some(({ met }) => !met))
    return { conditions, draft: null };
  const figures = [confidence, ...Object.values(indicators)];
  if (!inOrder(side, levels) || !figures.every(Number.isFinite) || confidence < 0 || confidence > 1)
    throw new Error(
      `a ${side} without sense: ${Object.values(levels).map(price.format)} at ${confidence}`,
    );
  return {
    conditions,
    draft: { side, confidence, ...levels, maxHoldBars, indicators: { ...indicators } },
  };
};
