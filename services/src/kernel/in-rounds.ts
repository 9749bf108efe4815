/** Somebody who waits for an answer; what rejects it is told to them. */
type Waiting = {
  readonly reject: (error: unknown) => void;
  /** Goes before all that is not urgent, and is not held up by a rest. */
  readonly urgent: boolean;
};

/** How many of the first items a round has settled; what is left comes again, after a rest. */
export type Round = { readonly settled: number; readonly restMs: number };

/**
 * Gathers what is asked of one key while a round for it is under way: the next round takes it all
 * together, what is urgent first, else in the order of the calls, and `mostAtOnce` at the most. Rounds
 * of one key go one after another, those of different keys side by side.
 */
export const inRounds = <Key, Item extends Waiting>(
  mostAtOnce: number,
  round: (key: Key, items: readonly Item[]) => Promise<Round>,
): ((key: Key, item: Item) => void) => {
  const queues = new Map<Key, Item[]>();
  /** Ends the rest of a key's queue early. */
  const alarms = new Map<Key, () => void>();

  const rest = (key: Key, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        alarms.delete(key);
        resolve();
      };
      const timer = setTimeout(end, ms);
      alarms.set(key, end);
    });

  const run = async (key: Key, queue: Item[]): Promise<void> => {
    while (queue.length > 0) {
      const items = queue.splice(0, mostAtOnce);
      try {
        const { settled, restMs } = await round(key, items);
        putBack(queue, items.slice(settled));
        if (restMs > 0 && !queue.some(({ urgent }) => urgent)) await rest(key, restMs);
      } catch (error) {
        for (const { reject } of items) reject(error);
      }
    }
    // In the same step as the last look at the queue: who comes after it starts anew.
    queues.delete(key);
  };

  return (key, item) => {
    const queue = queues.get(key);
    if (queue === undefined) {
      const first = [item];
      queues.set(key, first);
      void run(key, first);
      return;
    }
    queue.splice(item.urgent ? urgentIn(queue) : queue.length, 0, item);
    if (item.urgent) alarms.get(key)?.();
  };
};

/** How many urgent items stand at the head of a queue. */
const urgentIn = (queue: readonly Waiting[]): number => {
  const first = queue.findIndex(({ urgent }) => !urgent);
  return first === -1 ? queue.length : first;
};

/** What a round has left comes again before what came after it, but never before what is urgent. */
const putBack = <Item extends Waiting>(queue: Item[], left: readonly Item[]): void => {
  queue.unshift(...left.filter(({ urgent }) => urgent));
  queue.splice(urgentIn(queue), 0, ...left.filter(({ urgent }) => !urgent));
};
