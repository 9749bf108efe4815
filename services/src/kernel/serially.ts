/**
 * Runs the tasks of one key one after another, in the order of the calls, and those of different
 * keys side by side. A task that fails does not stop the next.
 */
export const serially = <Key>() => {
  const tails = new Map<Key, Promise<unknown>>();
  return <Value>(key: Key, task: () => Promise<Value>): Promise<Value> => {
    const before = tails.get(key) ?? Promise.resolve();
    const result = before.then(task, task);
    tails.set(key, result);
    const forget = () => {
      if (tails.get(key) === result) tails.delete(key);
    };
    result.then(forget, forget);
    return result;
  };
};
