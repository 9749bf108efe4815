import type { LogPosition, ViewRow } from '@sentinel/contracts/kernel';
import { concerns, type PageEvent } from './decode-page.ts';
import {
  type AnyProjection,
  type Fact,
  isOneOf,
  largestKeyCount,
  type SetRow,
} from './projection.ts';

export type Step = { readonly fact: Fact; readonly keys: readonly string[] };

/** The event that a projection could not take, and why. Everything before it could be folded. */
export type Poison = { readonly logPosition: LogPosition; readonly problem: string };

export type Steps = { readonly steps: readonly Step[]; readonly poison: Poison | undefined };

/** What of a page a projection has to fold, behind `after`. It ends before an event that it cannot read. */
export const stepsOf = (
  projection: AnyProjection,
  page: readonly PageEvent[],
  after: LogPosition,
): Steps => {
  const steps: Step[] = [];
  for (const entry of page) {
    if (entry.recorded.logPosition <= after || !concerns(projection, entry)) continue;
    try {
      if (entry.event === undefined) throw entry.problem;
      const fact = { event: entry.event, recorded: entry.recorded };
      const keys = projection.keys(fact);
      if (keys.length > largestKeyCount)
        throw new RangeError(`concerns ${keys.length} rows, of at most ${largestKeyCount}`);
      steps.push({ fact, keys });
    } catch (error) {
      return { steps, poison: poisonOf(entry, error) };
    }
  }
  return { steps, poison: undefined };
};

/** Keys whose rows have to be at hand before the steps can be folded. */
export const keysToRead = (
  { begins }: AnyProjection,
  steps: readonly Step[],
): ReadonlySet<string> => {
  const begun = new Set<string>();
  const wanted = new Set<string>();
  for (const { fact, keys } of steps) {
    const begin = begins !== undefined && isOneOf(fact.event.type, begins);
    for (const key of keys)
      if (begin) begun.add(key);
      else if (!begun.has(key)) wanted.add(key);
  }
  return wanted;
};

export type Rows = ReadonlyMap<string, unknown>;
export type FoldedSteps = {
  /** The rows that changed; undefined where one is gone. */
  readonly rows: ReadonlyMap<
    string,
    { readonly row: unknown; readonly stored: ViewRow | undefined }
  >;
  readonly poison: Poison | undefined;
};

/**
 * Folds the steps over the rows that stand. A row is brought to its stored form at the end; when
 * that fails the steps are folded once more with a look at each row, to find the event that did it.
 */
export const foldSteps = (
  projection: AnyProjection,
  steps: readonly Step[],
  before: Rows,
): FoldedSteps => {
  const quick = evolveAll(projection, { steps, before, check: false });
  const stored = storeAll(projection, quick.rows);
  if (stored !== undefined) return { rows: stored, poison: quick.poison };
  const careful = evolveAll(projection, { steps, before, check: true });
  const rows = storeAll(projection, careful.rows);
  if (rows === undefined) throw new Error(`${projection.view}: a row can be stored only sometimes`);
  return { rows, poison: careful.poison };
};

const evolveAll = (
  projection: AnyProjection,
  {
    steps,
    before,
    check,
  }: { readonly steps: readonly Step[]; readonly before: Rows; readonly check: boolean },
): { readonly rows: Map<string, unknown>; readonly poison: Poison | undefined } => {
  const rows = new Map<string, unknown>();
  for (const { fact, keys } of steps) {
    try {
      const moved = keys.flatMap((key): readonly SetRow<unknown>[] => {
        const row = rows.has(key) ? rows.get(key) : before.get(key);
        const next = projection.evolve(row, fact, key);
        const set =
          next === row ? [] : [{ key, row: next }, ...(projection.beside?.(row, next) ?? [])];
        if (check)
          for (const each of set) if (each.row !== undefined) store(projection, each.key, each.row);
        return set;
      });
      for (const { key, row } of moved) rows.set(key, row);
    } catch (error) {
      return { rows, poison: poisonOf(fact, error) };
    }
  }
  return { rows, poison: undefined };
};

const storeAll = (projection: AnyProjection, rows: ReadonlyMap<string, unknown>) => {
  try {
    const all = new Map<string, { readonly row: unknown; readonly stored: ViewRow | undefined }>();
    for (const [key, row] of rows)
      all.set(key, { row, stored: row === undefined ? undefined : store(projection, key, row) });
    return all;
  } catch {
    // Which event did it is found out by folding again, row by row; the error comes up there.
    return undefined;
  }
};

const store = (projection: AnyProjection, key: string, row: unknown): ViewRow => ({
  key,
  row: projection.row.encode(row) as ViewRow['row'],
  fields: projection.fieldsOf(row),
});

export const poisonOf = ({ recorded }: Pick<PageEvent, 'recorded'>, error: unknown): Poison => ({
  logPosition: recorded.logPosition,
  problem: `event ${recorded.id} (${recorded.type}) at position ${recorded.logPosition}: ${
    error instanceof Error ? error.message : String(error)
  }`.slice(0, 2_000),
});
