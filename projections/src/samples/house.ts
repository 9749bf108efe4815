import type {
  EventStore,
  LogPosition,
  ProjectionStore,
  ReadStore,
} from '@sentinel/contracts/kernel';
import { memoryReadModels } from '@sentinel/infra/read-store';
import { sha256 } from '@sentinel/infra/runtime';
import { expect, vi } from 'vitest';
import { allProjections, viewDefinitions } from '../catalog.ts';
import type { AnyProjection } from '../kernel/index.ts';
import { checksum, type Projector, type ProjectorOptions, projector } from '../kernel/index.ts';

/** A log and the views on it. */
export type House = {
  readonly eventStore: EventStore;
  readonly projectionStore: ProjectionStore;
  readonly readStore: ReadStore;
};

export const houseOn = (eventStore: EventStore): House => ({
  eventStore,
  ...memoryReadModels({ views: viewDefinitions }),
});

export const projectorOf = (
  { eventStore, projectionStore }: House,
  {
    cachedRows = 50,
    projections = allProjections,
    alarms = [],
    onRebuilt = () => undefined,
  }: {
    readonly cachedRows?: number;
    readonly projections?: readonly AnyProjection[];
    readonly alarms?: string[];
    readonly onRebuilt?: ProjectorOptions['onRebuilt'];
  } = {},
): Projector =>
  projector({
    eventStore,
    projectionStore,
    projections,
    cachedRows,
    onRebuilt,
    alarm: ({ view, problem }) => alarms.push(`${view}: ${problem}`),
  });

/** Runs a projector until all views that go on are live at `position`. */
export const foldTo = async (
  house: House,
  logPosition: LogPosition,
  of = projectorOf(house),
): Promise<void> => {
  const stop = new AbortController();
  const running = of.run(stop.signal);
  const arrived = () =>
    of
      .status()
      .every(
        (view) =>
          view.state === 'parked' || (view.state === 'live' && view.logPosition === logPosition),
      );
  await Promise.race([vi.waitUntil(arrived, { interval: 1, timeout: 10_000 }), running]);
  stop.abort();
  await running;
  expect(arrived()).toBe(true);
};

export const checksums = async ({ projectionStore }: House): Promise<readonly unknown[]> =>
  Promise.all(
    allProjections.map(({ view }) => checksum(view, { projectionStore, digest: sha256 })),
  );
