import type { InputOf } from '@sentinel/contracts';
import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { FindInstance } from './instances.ts';
import { strategies } from './registry.ts';
import type { StrategyDefinition } from './strategy.ts';

/** The strategies of a scan, and the names among those asked for that are nobody's. */
export type WantedStrategies = {
  readonly definitions: readonly StrategyDefinition[];
  readonly unknown: string[];
};

/**
 * The strategies that were asked for, each once; those that the house brings when none was. One that is
 * not there does not spoil the others.
 */
export const wantedStrategies = async (
  { strategy, strategies: several = [] }: Pick<InputOf<'Scan'>, 'strategy' | 'strategies'>,
  find: FindInstance,
): Promise<Outcome<WantedStrategies>> => {
  const ids = [...new Set([...(strategy === undefined ? [] : [strategy]), ...several])];
  if (ids.length === 0) return accepted({ definitions: Object.values(strategies), unknown: [] });
  const found = await Promise.all(ids.map(find));
  const unknown = ids.filter((_, n) => found[n] === undefined);
  if (unknown.length === ids.length)
    return refused(
      'UNKNOWN_STRATEGY',
      `There is no strategy ${unknown.join(', ')}.`,
      `Use one of: ${Object.keys(strategies).join(', ')}, or one that governance.list_strategies shows.`,
    );
  return accepted({ definitions: found.flatMap((each) => each ?? []), unknown });
};
