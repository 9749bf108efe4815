import type { Standing } from '@sentinel/infra/telemetry';
import type { Control } from '@sentinel/services/risk';
import type { HealthSources } from './system/index.ts';

/** How the house stands, as the metrics tell it. */
export const standingOf = (
  { views, lagMs, workflows }: Pick<HealthSources, 'views' | 'lagMs' | 'workflows'>,
  control: Pick<Control, 'refresh'>,
): Standing => ({
  views: () => views().map(({ view, logPosition }) => ({ view, lagMs: lagMs(logPosition) })),
  workflows: () => workflows().map(({ name, holds, lag }) => ({ name, holds, lagMs: lag.ms })),
  haltScopes: async () => (await control.refresh()).halts.map(({ scope }) => scope),
});
