import {
  type Checkpoint,
  type LogPosition,
  type ProjectionStore,
  ReadStoreUnavailable,
  type ViewChange,
  type ViewRow,
} from '@sentinel/contracts/kernel';
import type { PageEvent } from './decode-page.ts';
import { type FoldedSteps, foldSteps, keysToRead, poisonOf, type Step, stepsOf } from './fold.ts';
import type { AnyProjection } from './projection.ts';
import { rowCache } from './row-cache.ts';

/** One table of one view on its way along the log. */
export type ViewFolder = {
  readonly projection: AnyProjection;
  readonly checkpoint: () => Checkpoint;
  /**
   * Folds what stands behind the checkpoint. A page that was folded already changes nothing; an
   * event that cannot be folded ends it, and the change parks the view before that event.
   */
  readonly fold: (page: readonly PageEvent[]) => Promise<ViewChange>;
  /** Takes over what the last `fold` found, once its change is committed. */
  readonly committed: () => void;
};

type Pending = { readonly change: ViewChange; readonly rows: FoldedSteps['rows'] };

/** `cachedRows` are kept as the fold sees them; a row that is not among them is read from the store. */
export const viewFolder = (
  projection: AnyProjection,
  start: Checkpoint,
  {
    projectionStore,
    cachedRows,
  }: {
    readonly projectionStore: Pick<ProjectionStore, 'read'>;
    readonly cachedRows: number;
  },
): ViewFolder => {
  // A view in which every event begins its rows anew never looks at one that stands.
  const looksBack = projection.types.some((type) => projection.begins?.includes(type) !== true);
  const cache = rowCache(looksBack ? cachedRows : 0);
  let checkpoint = start;
  let pending: Pending | undefined;

  const rowsBefore = async (steps: readonly Step[]): Promise<ReadonlyMap<string, unknown>> => {
    const wanted = keysToRead(projection, steps);
    const rows = new Map<string, unknown>();
    const missing: string[] = [];
    for (const key of wanted) {
      if (cache.has(key)) rows.set(key, cache.get(key));
      else missing.push(key);
    }
    if (missing.length === 0) return rows;
    const found = await projectionStore.read(checkpoint, missing);
    for (const key of missing) {
      const stored = found.get(key);
      rows.set(key, stored === undefined ? undefined : projection.row.parse(stored.row));
    }
    return rows;
  };

  const foldAll = async (steps: readonly Step[]): Promise<FoldedSteps> => {
    const first = steps[0];
    if (first === undefined) return { rows: new Map(), poison: undefined };
    if (!looksBack) return foldSteps(projection, steps, new Map());
    let before: ReadonlyMap<string, unknown>;
    try {
      before = await rowsBefore(steps);
    } catch (error) {
      // A stored row that is not in its form any more stops the view as a bad event does.
      if (error instanceof ReadStoreUnavailable) throw error;
      return { rows: new Map(), poison: poisonOf(first.fact, error) };
    }
    return foldSteps(projection, steps, before);
  };

  const fold = async (page: readonly PageEvent[]): Promise<ViewChange> => {
    const from = checkpoint.logPosition;
    const { steps, poison: unreadable } = stepsOf(projection, page, from);
    const { rows, poison: unfoldable } = await foldAll(steps);
    const poison = unfoldable ?? unreadable;
    const change = {
      table: { view: checkpoint.view, generation: checkpoint.generation },
      from,
      to: lastBefore(page, from, poison?.logPosition),
      ...written(rows),
    };
    const stays = change.to === from ? checkpoint.parked : null;
    pending = { change: { ...change, parked: poison?.problem ?? stays }, rows };
    return pending.change;
  };

  return {
    projection,
    checkpoint: () => checkpoint,
    fold,
    committed: () => {
      if (pending === undefined) return;
      for (const [key, { row }] of pending.rows) cache.set(key, row);
      const { to, parked } = pending.change;
      checkpoint = { ...checkpoint, logPosition: to, parked };
      pending = undefined;
    },
  };
};

/** Where the page leads to: its end, or the event before the one that cannot be folded. */
const lastBefore = (
  page: readonly PageEvent[],
  from: LogPosition,
  poison: LogPosition | undefined,
): LogPosition =>
  page.reduce(
    (last, { recorded: { logPosition } }) =>
      logPosition > last && (poison === undefined || logPosition < poison) ? logPosition : last,
    from,
  );

const written = (rows: FoldedSteps['rows']) => {
  const upserts: ViewRow[] = [];
  const deletes: string[] = [];
  for (const [key, { stored }] of rows) {
    if (stored === undefined) deletes.push(key);
    else upserts.push(stored);
  }
  return { upserts, deletes };
};
