/** Somebody who waits for an answer; what rejects it is told to them. */
type Waiting = { readonly reject: (error: unknown) => void };

/**
 * Gathers what is asked of one key while a round for it is under way: the next round takes it all
 * together, in the order of the calls and `mostAtOnce` at the most. Rounds of one key go one after
 * another, those of different keys side by side. A round settles what it was given, and answers how
 * many of the first it has settled, at least one; the others come first in the next.
 */
export const inRounds = <Key, Item extends Waiting>(
  mostAtOnce: number,
  round: (key: Key, items: readonly Item[]) => Promise<number>,
): ((key: Key, item: Item) => void) => {
  const queues = new Map<Key, Item[]>();

  const run = async (key: Key, queue: Item[]): Promise<void> => {
    while (queue.length > 0) {
      const items = queue.slice(0, mostAtOnce);
      try {
        queue.splice(0, await round(key, items));
      } catch (error) {
        queue.splice(0, items.length);
        for (const { reject } of items) reject(error);
      }
    }
    // In the same step as the last look at the queue: who comes after it starts anew.
    queues.delete(key);
  };

  return (key, item) => {
    const queue = queues.get(key);
    if (queue !== undefined) {
      queue.push(item);
      return;
    }
    const first = [item];
    queues.set(key, first);
    void run(key, first);
  };
};
