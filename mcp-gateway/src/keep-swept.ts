import type { AccessStore } from '@sentinel/contracts/access';
import type { Timer } from '@sentinel/contracts/kernel';

const everyMs = 3_600_000;

/**
 * Removes what nobody finds any more, each hour until it is told to stop. A store that is away then is told
 * of, and swept an hour later.
 */
export const keepSwept = async (
  { sweep }: Pick<AccessStore, 'sweep'>,
  {
    timer,
    signal,
    onError,
  }: {
    readonly timer: Timer;
    readonly signal: AbortSignal;
    readonly onError: (error: unknown) => void;
  },
): Promise<void> => {
  for (;;) {
    await timer.pause(everyMs, signal);
    if (signal.aborted) return;
    await sweep().catch(onError);
  }
};
