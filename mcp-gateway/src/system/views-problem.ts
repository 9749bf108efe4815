import { tradingViews } from '@sentinel/projections';
import type { HealthSources } from './health.ts';

/** Past this, a view of the account is no ground to take on risk by. A rebuild never holds it up so long. */
const refusedBehindMs = 30_000;

/** Why the views that people judge risk by have stopped; undefined while they are folded. */
export const viewsProblem = ({
  views,
  projectorProblem,
  lagMs,
}: Pick<HealthSources, 'views' | 'projectorProblem' | 'lagMs'>): string | undefined => {
  const problem = projectorProblem();
  if (problem !== undefined) return problem;
  const trading = views().filter(({ view }) => tradingViews.includes(view));
  const parked = trading.find(({ state }) => state === 'parked');
  if (parked !== undefined) return `${parked.view} is parked`;
  const late = trading.find(({ logPosition }) => lagMs(logPosition) > refusedBehindMs);
  return (
    late && `${late.view} stands ${Math.floor(lagMs(late.logPosition) / 1_000)} s behind the log`
  );
};
