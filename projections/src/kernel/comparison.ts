import type { LogPosition, ViewSnapshot } from '@sentinel/contracts/kernel';
import { type Differences, differencesOf, holdTheSame } from './compare.ts';
import type { AnyProjection } from './projection.ts';

/** How a rebuilt view compares with the one that served, both at the position `at`. */
export type Comparison =
  | { readonly result: 'equal'; readonly at: LogPosition }
  /**
   * `explained`: another version served, both hold the same keys, and they differ only in fields that
   * one of the two versions does not have. A field that was null in every row is left out where it is
   * stored, and counts as one that there was not. `different`: in something else, too.
   */
  | {
      readonly result: 'explained' | 'different';
      readonly at: LogPosition;
      readonly differences: Differences;
    }
  /** Nothing served before, or what was built stands behind it already. */
  | { readonly result: 'not-comparable' };

/** Compares what serves with what was built, both at one position. */
export const comparisonOf = async (
  serving: ViewSnapshot,
  built: ViewSnapshot,
  { version, row }: Pick<AnyProjection, 'version' | 'row'>,
): Promise<Comparison> => {
  const { logPosition: at, version: served } = serving.checkpoint;
  // Another version's rows are to differ; where they do not, that is worth as much.
  if (await holdTheSame(serving, built)) return { result: 'equal', at };
  const differences = await differencesOf(serving, built);
  const { onlyBefore, onlyNow, differing, columns } = differences;
  // The same rows may be stored with their fields in another order.
  if (onlyBefore + onlyNow + differing === 0) return { result: 'equal', at };
  const ofVersion = fieldsOf(row);
  const isExplained =
    served !== version &&
    onlyBefore + onlyNow === 0 &&
    columns.every(({ column, is }) => is === 'new' || (is === 'gone' && !ofVersion.has(column)));
  return { result: isExplained ? 'explained' : 'different', at, differences };
};

/** The fields that a row of this version may have. */
const fieldsOf = ({ schema }: AnyProjection['row']): ReadonlySet<string> => {
  const shape: unknown = 'shape' in schema ? schema.shape : undefined;
  return new Set(typeof shape === 'object' && shape !== null ? Object.keys(shape) : []);
};
