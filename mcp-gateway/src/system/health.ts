import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  type EventStore,
  type LogPosition,
  type Sha256,
  type SharedState,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { ComponentHealth } from '@sentinel/contracts/system';
import type { ViewStatus } from '@sentinel/projections';
import type { WorkflowHealth } from '@sentinel/services/kernel';
import { version } from '../version.ts';

type State = ComponentHealth['state'];

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

export type HealthSources = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly sharedState: Pick<SharedState, 'where' | 'problem'>;
  readonly viewsPosition: () => LogPosition;
  readonly views: () => readonly ViewStatus[];
  readonly workflows: () => readonly WorkflowHealth[];
  /** What ended the projector; undefined while it runs. */
  readonly projectorProblem: () => string | undefined;
  /** For how many milliseconds the log has held more than a view at this position. */
  readonly lagMs: (logPosition: LogPosition) => number;
};

/** A healthy view stands a few hundredths of a second behind. */
export const degradedBehindMs = 5_000;

/** Whoever asks how it is has less patience than a command that is under way. */
const answersWithinMs = 2_000;

/** @throws Error when no answer comes in time */
const inTime = <Value>(answer: Promise<Value>): Promise<Value> =>
  new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no answer in ${answersWithinMs} ms`));
    const timer = setTimeout(late, answersWithinMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });

type Log = { readonly health: ComponentHealth; readonly position: LogPosition | null };

const logNow = async ({ eventStore }: HealthSources): Promise<Log> => {
  const component = 'event log';
  try {
    const position = await inTime(eventStore.lastPosition());
    return { health: { component, state: 'ready', detail: `at position ${position}` }, position };
  } catch (error) {
    return { health: { component, state: 'failed', detail: messageOf(error) }, position: null };
  }
};

const viewsHealth = ({ views, projectorProblem, lagMs }: HealthSources): ComponentHealth => {
  const problem = projectorProblem();
  if (problem !== undefined) return { component: 'views', state: 'failed', detail: problem };
  const all = views();
  const parked = all.filter(({ state }) => state === 'parked');
  if (parked.length > 0) {
    const detail = parked.map((view) => `${view.view}: ${view.problem}`).join('; ');
    return { component: 'views', state: 'failed', detail };
  }
  const late = all
    .map(({ view, logPosition }) => ({ view, ms: lagMs(logPosition) }))
    .filter(({ ms }) => ms > degradedBehindMs)
    .map(({ view, ms }) => `${view} ${Math.floor(ms / 1_000)} s`);
  if (late.length > 0)
    return { component: 'views', state: 'degraded', detail: `behind the log: ${late.join(', ')}` };
  const waiting = all.filter(({ state }) => state !== 'live').map(({ view }) => view);
  if (all.length > 0 && waiting.length === 0)
    return { component: 'views', state: 'ready', detail: `${all.length} views live` };
  return { component: 'views', state: 'starting', detail: `catching up: ${waiting.join(', ')}` };
};

const marketHealth = async ({ market }: HealthSources): Promise<ComponentHealth> => {
  try {
    const { connected, detail } = await inTime(market.health());
    return {
      component: 'market data',
      state: connected ? 'ready' : 'degraded',
      detail: `${market.source}: ${detail}`,
    };
  } catch (error) {
    return { component: 'market data', state: 'failed', detail: messageOf(error) };
  }
};

const workflowsHealth = ({ workflows }: HealthSources): ComponentHealth => {
  const all = workflows();
  const failing = all.filter(({ problem }) => problem !== undefined);
  if (failing.length > 0) {
    const detail = failing.map(({ name, problem }) => `${name}: ${problem}`).join('; ');
    return { component: 'workflows', state: 'failed', detail };
  }
  const here = all.filter(({ holds }) => holds).length;
  const detail =
    all.length === 0
      ? 'left to processes with the role venue'
      : `${here} of ${all.length} at work in this process`;
  return {
    component: 'workflows',
    state: 'ready',
    detail,
  };
};

const sharedHealth = ({ sharedState: { where, problem } }: HealthSources): ComponentHealth => {
  const why = problem();
  return {
    component: 'shared state',
    state: why === undefined ? 'ready' : 'degraded',
    detail: why === undefined ? `in ${where}` : `${why}: nothing that adds risk is taken meanwhile`,
  };
};

const houseNow = async (sources: HealthSources) => {
  const [log, market] = await Promise.all([logNow(sources), marketHealth(sources)]);
  const [views, workflows] = [viewsHealth(sources), workflowsHealth(sources)];
  const components = [log.health, views, market, workflows, sharedHealth(sources)];
  return { components, position: log.position };
};

/** How each part is, within a few seconds, whichever of them does not answer. */
export const componentsOf = async (sources: HealthSources): Promise<readonly ComponentHealth[]> =>
  (await houseNow(sources)).components;

/** The worst state of all components. */
const overall = (components: readonly ComponentHealth[]): State => {
  const worst: readonly State[] = ['failed', 'degraded', 'starting'];
  return (
    worst.find((state) => components.some((component) => component.state === state)) ?? 'ready'
  );
};

export const systemHandlers = (
  sources: HealthSources,
  codeDigest: Sha256,
): Handlers<'GetHealth'> => ({
  GetHealth: async () => {
    const { components, position } = await houseNow(sources);
    return accepted({
      state: overall(components),
      components,
      version,
      code_digest: codeDigest,
      node: process.version,
      protocols: ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', 'sse-2024-11-05'],
      authentication: 'off: loopback only',
      log_position: position === null ? null : `${position}`,
      views_position: `${sources.viewsPosition()}`,
    });
  },
});
