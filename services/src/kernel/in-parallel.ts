/**
 * Runs a task for every item, at most `width` at a time, and answers in the order of the items. The
 * first failure ends it: what runs is waited for, and nothing more is started. An abort does the
 * same. @throws what a task throws, and the signal's reason
 */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
  options: { readonly width: number; readonly signal?: AbortSignal },
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        options.signal?.throwIfAborted();
        results[index] = await task(items[index] as Item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(options.width, items.length) }, worker);
  const ends = await Promise.allSettled(workers);
  const failure = ends.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
};
