import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, type Checkpoint, type LogPosition } from '@sentinel/contracts/kernel';
import { reasonOf } from '@sentinel/infra/runtime';
import { allProjections, type ViewStatus } from '@sentinel/projections';
import type { Parts } from './open-parts.ts';

const lookEveryMs = 500;
/** A killed projector is replaced within seconds; past this nobody can have taken its place. */
const stalledAfterMs = 15_000;

export type ViewsWatch = {
  readonly status: () => readonly ViewStatus[];
  /** Why nobody seems to fold the views any more; undefined while they come on. */
  readonly stalled: () => string | undefined;
};

/**
 * How the views stand that another process folds, as their store says it. They are live when they
 * hold what stood in the log one look earlier.
 */
export const watchViews = (
  { eventStore, readModels }: Pick<Parts, 'eventStore' | 'readModels'>,
  { isFoldedHere, signal }: { readonly isFoldedHere: () => boolean; readonly signal: AbortSignal },
): ViewsWatch & { readonly ended: Promise<void> } => {
  let serving: readonly Checkpoint[] = [];
  let last = beforeAll;
  let target: LogPosition | undefined;
  let movedAt = performance.now();
  let unreachable: string | undefined;

  const isBehind = ({ parked, logPosition }: Checkpoint): boolean =>
    parked === null && (target === undefined || logPosition < target);

  const look = async (): Promise<void> => {
    const before = new Map(serving.map(({ view, logPosition }) => [view, logPosition]));
    target = last;
    serving = await readModels.projectionStore.serving();
    last = await eventStore.lastPosition();
    const moves = serving.some(({ view, logPosition }) => before.get(view) !== logPosition);
    if (moves || (serving.length > 0 && !serving.some(isBehind))) movedAt = performance.now();
  };

  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      if (isFoldedHere()) movedAt = performance.now();
      else {
        await look().then(
          () => {
            unreachable = undefined;
          },
          (error: unknown) => {
            unreachable = reasonOf(error);
          },
        );
      }
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  };

  const statusOf = (view: string, version: number): ViewStatus => {
    const found = serving.find((each) => each.view === view && each.version === version);
    if (found === undefined)
      return { view, version, logPosition: beforeAll, state: 'starting', problem: null };
    const { logPosition, parked } = found;
    const going = isBehind(found) ? 'catching_up' : 'live';
    const state = parked === null ? going : 'parked';
    return { view, version, logPosition, state, problem: parked };
  };

  return {
    status: () => allProjections.map(({ view, version }) => statusOf(view, version)),
    stalled: () => {
      const seconds = Math.floor((performance.now() - movedAt) / 1_000);
      if (isFoldedHere() || seconds * 1_000 < stalledAfterMs) return undefined;
      return unreachable ?? `no process has folded the views for ${seconds} seconds`;
    },
    ended: watch(),
  };
};
