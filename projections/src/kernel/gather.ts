import { pause as usualPause } from './pause.ts';

/** How long a commit waits for more to share it: after a quick one, and after a slow one. */
const gatherMs = { least: 20, most: 50 };
/** Between commits four times as long as the last one took, so that folding leaves room for trading. */
const gatherPerWork = 4;

/**
 * Lets more come together after a batch that took `workMs`: what comes within this moment shares one
 * transaction, and a busy log costs a few commits a second. Who waits for the views ends it, once it has
 * been as long as the work was: half of the time stays for trading, however many wait.
 */
export const gather = async (
  {
    workMs,
    awaited,
    pause = usualPause,
  }: {
    readonly workMs: number;
    /** Resolves when somebody waits for the views. */
    readonly awaited: (signal: AbortSignal) => Promise<void>;
    readonly pause?: typeof usualPause;
  },
  signal: AbortSignal,
): Promise<void> => {
  const longest = Math.min(gatherMs.most, Math.max(gatherMs.least, workMs * gatherPerWork));
  const rest = Math.min(workMs, longest);
  await pause(rest, signal);
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  await Promise.race([pause(longest - rest, until), awaited(until)]);
  over.abort();
};
