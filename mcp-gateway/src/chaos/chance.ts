import { sha256 } from '@sentinel/infra/runtime';

/** Chance in a row: the same seed gives the same numbers in the same order. */
export type Chance = {
  /** A whole number from 0 and below `limit`, which is at most 2^32. */
  readonly below: (limit: number) => number;
  readonly shuffled: <Item>(items: readonly Item[]) => readonly Item[];
};

const hexDigits = 8;

export const seededChance = (seed: number): Chance => {
  let drawn = 0;
  const below = (limit: number): number =>
    Number.parseInt(sha256(`${seed}/${drawn++}`).slice(0, hexDigits), 16) % limit;
  return {
    below,
    shuffled: (items) => {
      const rest = [...items];
      return items.map(() => rest.splice(below(rest.length), 1)[0] as (typeof items)[number]);
    },
  };
};
