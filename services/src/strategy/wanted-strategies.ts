import type { InputOf } from '@sentinel/contracts';
import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { FindInstance } from './instances.ts';
import { strategies } from './registry.ts';
import type { StrategyDefinition } from './strategy.ts';

/** The strategies that were asked for, each once; those that the house brings when none was. */
export const wantedStrategies = async (
  { strategy, strategies: several = [] }: InputOf<'Scan'>,
  find: FindInstance,
): Promise<Outcome<readonly StrategyDefinition[]>> => {
  const ids = [...new Set([...(strategy === undefined ? [] : [strategy]), ...several])];
  if (ids.length === 0) return accepted(Object.values(strategies));
  const found = await Promise.all(ids.map(find));
  const unknown = ids.filter((_, n) => found[n] === undefined);
  if (unknown.length > 0)
    return refused(
      'UNKNOWN_STRATEGY',
      `There is no strategy ${unknown.join(', ')}.`,
      `Use one of: ${Object.keys(strategies).join(', ')}, or one that governance.list_strategies shows.`,
    );
  return accepted(found.flatMap((each) => each ?? []));
};
