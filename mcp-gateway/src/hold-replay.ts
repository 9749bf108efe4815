import { LeaseLost, type Timer, type WorkflowStore } from '@sentinel/contracts/kernel';
import { reasonOf, StartupError } from '@sentinel/infra/runtime';
import type { ProgramLog } from '@sentinel/infra/telemetry';

type Holding = {
  readonly workflowStore: WorkflowStore;
  readonly timer: Timer;
  /** This run of this process. */
  readonly owner: string;
  readonly log: ProgramLog;
  readonly signal: AbortSignal;
  /** Another process has begun: what this one holds of the log is not the newest any more. */
  readonly onLost: () => void;
};

const name = 'the replay';
/** A killed process keeps it so long; one that stops gives it back. */
const ttlMs = 6_000;
const renewEveryMs = 1_000;
/** A little longer than a killed process keeps it: who still has it then is alive. */
const waitAtMostMs = 9_000;
const lookEveryMs = 250;

/**
 * A replay has a clock of its own in each process, so only one process at a time lives on its log. Waits
 * for one that was killed, and takes its turn after one that stops meanwhile. Resolves with what gives
 * the turn back. @throws StartupError while another process keeps it
 */
export const holdReplay = async (holding: Holding): Promise<() => Promise<void>> => {
  const { workflowStore, timer, owner, log, signal, onLost } = holding;
  const endMs = timer.nowMs() + waitAtMostMs;
  let lease = await workflowStore.acquire(name, owner, ttlMs);
  if (lease === undefined) log.info('another process replays on this log: waiting for its end');
  while (lease === undefined) {
    signal.throwIfAborted();
    if (timer.nowMs() >= endMs)
      throw new StartupError(
        'Another process replays bars on this log, and each would have a clock of its own: stop that one, or give this one an EVENTSTORE_STREAM_PREFIX and a DATABASE_URL of its own.',
        { code: 'second-replay' },
      );
    await timer.pause(lookEveryMs, signal);
    lease = await workflowStore.acquire(name, owner, ttlMs);
  }
  const { epoch } = lease;
  const stop = new AbortController();
  const keep = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      await timer.pause(renewEveryMs, stop.signal);
      if (stop.signal.aborted) return;
      try {
        await workflowStore.renew(name, epoch, ttlMs);
      } catch (error) {
        if (error instanceof LeaseLost) {
          log.error('another process has taken over the replay: this one ends its trading', error);
          return onLost();
        }
        // While nobody can reach the store nobody can take the turn either.
        log.warn(`the turn of the replay could not be renewed: ${reasonOf(error)}`);
      }
    }
  };
  const kept = keep();
  return async () => {
    stop.abort();
    await kept;
    await workflowStore.release(name, epoch);
  };
};
