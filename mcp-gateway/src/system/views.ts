import type { Handlers } from '@sentinel/contracts';
import { accepted } from '@sentinel/contracts/kernel';
import type { HealthSources } from './health.ts';

/** How far each view has folded the log. */
export const viewHandlers = ({
  eventStore,
  views,
  lagMs,
}: Pick<HealthSources, 'eventStore' | 'views' | 'lagMs'>): Handlers<'ListViews'> => ({
  ListViews: async () => {
    const end = await eventStore.lastPosition();
    // A view may have folded what came after the end was asked for.
    const behind = (position: bigint) => Number(end > position ? end - position : 0n);
    const all = views().map(({ view, version, state, logPosition, problem }) => ({
      ...{ view, version, state, problem },
      log_position: `${logPosition}`,
      behind_positions: behind(logPosition),
      behind_ms: Math.floor(lagMs(logPosition)),
    }));
    const live = all.every(
      ({ state, behind_positions }) => state === 'live' && behind_positions === 0,
    );
    return accepted({ log_position: `${end}`, live, views: all });
  },
});
