import {
  beforeAll,
  type Checkpoint,
  type LogPosition,
  type Timer,
} from '@sentinel/contracts/kernel';
import { reasonOf, systemTimer } from '@sentinel/infra/runtime';
import { allProjections, type ViewStatus } from '@sentinel/projections';
import type { Parts } from './open-parts.ts';

const lookEveryMs = 500;
/** A killed projector is replaced within seconds; past this nobody can have taken its place. */
const stalledAfterMs = 15_000;
/** Five minutes of looks, behind which a view is as good as lost. */
const keptLooks = 600;

export type ViewsWatch = {
  readonly status: () => readonly ViewStatus[];
  /** Why nobody seems to fold the views any more; undefined while they come on. */
  readonly stalled: () => string | undefined;
  /** For how long the log has held more than a view that stands at this position, to half a second. */
  readonly lagMs: (logPosition: LogPosition) => number;
};

type Watching = {
  readonly isFoldedHere: () => boolean;
  readonly signal: AbortSignal;
  readonly timer?: Timer;
};

/**
 * How the views stand that another process folds, as their store says it. They are live when they
 * hold what stood in the log one look earlier.
 */
export const watchViews = (
  { eventStore, readModels }: Pick<Parts, 'eventStore' | 'readModels'>,
  { isFoldedHere, signal, timer: { nowMs, pause } = systemTimer }: Watching,
): ViewsWatch & { readonly ended: Promise<void> } => {
  let serving: readonly Checkpoint[] = [];
  let last = beforeAll;
  let target: LogPosition | undefined;
  let movedAt = nowMs();
  const looks: { readonly ms: number; readonly last: LogPosition }[] = [];
  let unreachable: string | undefined;

  const isBehind = ({ parked, logPosition }: Checkpoint): boolean =>
    parked === null && (target === undefined || logPosition < target);

  const lookAtLog = async (): Promise<LogPosition> => {
    const end = await eventStore.lastPosition();
    if (looks.at(-1)?.last !== end) looks.push({ ms: nowMs(), last: end });
    if (looks.length > keptLooks) looks.shift();
    return end;
  };

  const look = async (): Promise<void> => {
    const before = new Map(serving.map(({ view, logPosition }) => [view, logPosition]));
    target = last;
    serving = await readModels.projectionStore.serving();
    last = await lookAtLog();
    const moves = serving.some(({ view, logPosition }) => before.get(view) !== logPosition);
    if (moves || (serving.length > 0 && !serving.some(isBehind))) movedAt = nowMs();
  };

  const watch = async (): Promise<void> => {
    while (!signal.aborted) {
      if (isFoldedHere()) movedAt = nowMs();
      try {
        await (isFoldedHere() ? lookAtLog() : look());
        unreachable = undefined;
      } catch (error) {
        unreachable = reasonOf(error);
      }
      await pause(lookEveryMs, signal);
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
      const seconds = Math.floor((nowMs() - movedAt) / 1_000);
      if (isFoldedHere() || seconds * 1_000 < stalledAfterMs) return undefined;
      return unreachable ?? `no process has folded the views for ${seconds} seconds`;
    },
    lagMs: (logPosition) => {
      const missed = looks.find((each) => each.last > logPosition);
      return missed === undefined ? 0 : nowMs() - missed.ms;
    },
    ended: watch(),
  };
};
