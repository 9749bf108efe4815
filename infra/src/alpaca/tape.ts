/** What happened in one symbol at one time: epoch milliseconds. */
export type Timed = { readonly atMs: number };

/** The last of some things at or before a time, where they stand in the order of their times. */
export const lastAt = <Item extends Timed>(
  items: readonly Item[],
  atMs: number,
): Item | undefined => {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.atMs ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
};

/** What a tape keeps: older moments are asked for again. */
const keptMs = 120_000;
const mostKept = 20_000;

/**
 * What a stream has said of one symbol, as far back as nothing of it is missing. What lies before
 * `wholeFrom`, and all while the stream is down, it does not answer.
 */
export type Tape<Item extends Timed> = {
  /** Takes what came by the stream or in an answer; what is older than its neighbours finds its place. */
  readonly add: (item: Item) => void;
  /** Changes what stands already, or takes it out where `change` answers undefined. */
  readonly amend: (
    which: (item: Item) => boolean,
    change: (item: Item) => Item | undefined,
  ) => void;
  readonly at: (atMs: number) => Item | undefined;
  readonly newest: () => Item | undefined;
  /** Whether everything around a time has been heard. */
  readonly covers: (atMs: number) => boolean;
  /** From now on everything is heard. */
  readonly begin: (atMs: number) => void;
  /** Nothing more is heard. */
  readonly end: () => void;
};

export const tapeOf = <Item extends Timed>(): Tape<Item> => {
  let items: Item[] = [];
  let wholeFrom = Number.POSITIVE_INFINITY;
  const trim = (): void => {
    const oldest = (items.at(-1)?.atMs ?? 0) - keptMs;
    const first = items[0]?.atMs ?? 0;
    if (items.length <= mostKept && first >= oldest - keptMs) return;
    const from = Math.max(
      items.length - mostKept / 2,
      items.findIndex(({ atMs }) => atMs >= oldest),
    );
    // The one before still stands at the beginning of what is kept.
    items = items.slice(Math.max(0, from - 1));
    wholeFrom = Math.max(wholeFrom, items[0]?.atMs ?? wholeFrom);
  };
  return {
    add: (item) => {
      const before = items.findLastIndex(({ atMs }) => atMs <= item.atMs);
      items.splice(before + 1, 0, item);
      trim();
    },
    amend: (which, change) => {
      items = items.flatMap((item) => (which(item) ? (change(item) ?? []) : item));
    },
    at: (atMs) => lastAt(items, atMs),
    newest: () => items.at(-1),
    covers: (atMs) => atMs >= wholeFrom,
    begin: (atMs) => {
      wholeFrom = Math.min(wholeFrom, atMs);
    },
    end: () => {
      wholeFrom = Number.POSITIVE_INFINITY;
    },
  };
};
