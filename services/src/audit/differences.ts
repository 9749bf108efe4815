/** One place where two values are not the same: a path such as `checks.3.value`, and both texts. */
export type Difference = {
  readonly path: string;
  readonly recorded: string;
  readonly recomputed: string;
};

/** How many differences are told: past these, the two have nothing to do with each other. */
const mostTold = 50;

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Temporal.Instant);

const textOf = (value: unknown): string => {
  if (value === undefined) return 'absent';
  return isBranch(value)
    ? JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each))
    : `${value}`;
};

/** Where `recomputed` is not `recorded`, leaf by leaf. */
export const differencesBetween = (
  recorded: unknown,
  recomputed: unknown,
  path = '',
): readonly Difference[] => {
  if (recorded === recomputed) return [];
  if (isBranch(recorded) && isBranch(recomputed)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(recomputed)])];
    return keys
      .flatMap((key) =>
        differencesBetween(recorded[key], recomputed[key], path === '' ? key : `${path}.${key}`),
      )
      .slice(0, mostTold);
  }
  const texts = { recorded: textOf(recorded), recomputed: textOf(recomputed) };
  return texts.recorded === texts.recomputed ? [] : [{ path, ...texts }];
};
