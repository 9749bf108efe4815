import type { InputOf } from '@sentinel/contracts';
import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import { strategies } from './registry.ts';
import type { StrategyDefinition } from './strategy.ts';

/** The strategies that were asked for, each once; all of them when none was. */
export const wantedStrategies = ({
  strategy,
  strategies: several = [],
}: InputOf<'Scan'>): Outcome<readonly StrategyDefinition[]> => {
  const known: ReadonlyMap<string, StrategyDefinition> = new Map(Object.entries(strategies));
  const ids = [...new Set([...(strategy === undefined ? [] : [strategy]), ...several])];
  if (ids.length === 0) return accepted([...known.values()]);
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    return refused(
      'UNKNOWN_STRATEGY',
      `There is no strategy ${unknown.join(', ')}.`,
      `Use one of: ${[...known.keys()].join(', ')}.`,
    );
  return accepted(ids.flatMap((id) => known.get(id) ?? []));
};
