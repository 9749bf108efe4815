import { tradingViews } from '@sentinel/projections';
import type { HealthSources } from './health.ts';

/** Why the views that people judge risk by have stopped; undefined while they are folded. */
export const viewsProblem = ({
  views,
  projectorProblem,
}: Pick<HealthSources, 'views' | 'projectorProblem'>): string | undefined => {
  const parked = views().find(
    ({ view, state }) => state === 'parked' && tradingViews.includes(view),
  );
  return projectorProblem() ?? (parked === undefined ? undefined : `${parked.view} is parked`);
};
