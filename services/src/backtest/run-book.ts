import type { BacktestStatus } from '@sentinel/contracts/backtest';
import type { BacktestId } from '@sentinel/contracts/kernel';
import { boundedCache, type RequestContext, type Timer } from '@sentinel/contracts/kernel';

export type RunStatus = BacktestStatus;

/** What a run comes to, once it is recorded. */
export type RunEnd = Pick<
  RunStatus,
  | 'backtest'
  | 'walk_forward'
  | 'evidence_digest'
  | 'counts_for_promotion'
  | 'event_id'
  | 'log_position'
>;

type Entry = {
  status: RunStatus;
  readonly control: AbortController;
  readonly ended: Promise<void>;
};

const rememberedRuns = 200;
/** Clients give up after a minute: past this a call answers where the run stands. */
const answerAfterMs = 30_000;
const mostUnderWay = 4;

/** Runs that are under way, and the last ones that were: what is done stands in the log beside. */
export const runBook = ({ pause }: Pick<Timer, 'pause'>) => {
  const runs = boundedCache<BacktestId, Entry>(rememberedRuns);
  let underWay = 0;

  const follow = async (entry: Entry, work: Promise<RunEnd>): Promise<void> => {
    underWay += 1;
    try {
      const end = await work;
      entry.status = { ...entry.status, ...end, status: 'done', progress: 1 };
    } catch (error) {
      const isCanceled = entry.control.signal.aborted;
      const problem = error instanceof Error ? error.message : String(error);
      entry.status = {
        ...entry.status,
        ...(isCanceled ? { status: 'canceled' as const } : { status: 'failed' as const, problem }),
      };
    } finally {
      underWay -= 1;
    }
  };

  return {
    isFull: () => underWay >= mostUnderWay,
    find: (id: BacktestId): RunStatus | undefined => runs.get(id)?.status,
    /** Ends it: what has ended stays as it is. */
    cancel: async (id: BacktestId): Promise<RunStatus | undefined> => {
      const entry = runs.get(id);
      if (entry === undefined) return undefined;
      entry.control.abort(new Error('it was canceled'));
      await entry.ended;
      return entry.status;
    },
    /**
     * Begins a run, and answers when it is done or has gone on for too long for a call. A caller who hangs up
     * before takes the run along.
     */
    begin: async (
      about: Pick<RunStatus, 'run_id' | 'kind' | 'strategy' | 'symbols'>,
      work: (how: Pick<RequestContext, 'signal' | 'progress'>) => Promise<RunEnd>,
      { signal, progress }: Pick<RequestContext, 'signal' | 'progress'>,
    ): Promise<RunStatus> => {
      const control = new AbortController();
      const hangUp = () => control.abort(signal.reason);
      signal.addEventListener('abort', hangUp, { once: true });
      const nothing = { backtest: null, walk_forward: null, evidence_digest: null };
      let begun: Entry | undefined;
      const told = (done: number, total: number, message: string): void => {
        progress(done, total, message);
        if (begun !== undefined)
          begun.status = { ...begun.status, progress: Math.min(1, done / Math.max(1, total)) };
      };
      const working = work({ signal: control.signal, progress: told });
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const entry: Entry = {
        status: {
          ...{ ...about, ...nothing, status: 'running', progress: 0, problem: null },
          ...{ event_id: null, log_position: null, counts_for_promotion: null },
        },
        ...{ control, ended },
      };
      begun = entry;
      runs.set(about.run_id, entry);
      void follow(entry, working).finally(resolve);
      const waiting = new AbortController();
      await Promise.race([ended, pause(answerAfterMs, waiting.signal)]);
      waiting.abort();
      signal.removeEventListener('abort', hangUp);
      return entry.status;
    },
  };
};
