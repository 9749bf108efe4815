import type { EventStore, LogPosition, SubscriptionPage, Timer } from '@sentinel/contracts/kernel';
import { retryPauseMs, type WorkflowLimits } from './limits.ts';
import { wordsOf } from './problems.ts';
import { orAborted } from './waiting.ts';

/** Somebody who reads the log. */
export type LogReader = {
  readonly seen: () => LogPosition;
  readonly hasRoom: () => boolean;
  readonly take: (page: SubscriptionPage, after: LogPosition) => void;
};

export type LogFeed = {
  /** Reads until `signal` aborts; outages are waited out. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** To be told when a reader comes, goes, or has room again. */
  readonly changed: () => void;
  readonly problem: () => string | undefined;
};

/**
 * One subscription for all readers, at the place of the one that is furthest behind and has room. A
 * reader that is full is left where it is, and the subscription goes back for it when it has room:
 * nothing is queued for it, and nobody waits for it.
 */
export const logFeed = (options: {
  readonly eventStore: EventStore;
  readonly timer: Timer;
  readonly retryMs: WorkflowLimits['retryMs'];
  readonly readers: () => readonly LogReader[];
  readonly onProblem: (error: unknown) => void;
}): LogFeed => {
  const { eventStore, timer, readers } = options;
  let bell = Promise.withResolvers<void>();
  let open: { at: LogPosition; caughtUp: boolean; readonly moved: AbortController } | undefined;
  let problem: string | undefined;
  let failures = 0;

  const place = (): LogPosition | undefined =>
    readers()
      .filter(({ hasRoom }) => hasRoom())
      .map(({ seen }) => seen())
      .reduce<LogPosition | undefined>(
        (first, seen) => (first === undefined || seen < first ? seen : first),
        undefined,
      );

  const changed = (): void => {
    bell.resolve();
    if (open === undefined) return;
    const { at, caughtUp, moved } = open;
    if (place() !== at) moved.abort();
    // Who comes to where the log ends has to be told so: the next page may be long in coming.
    else if (caughtUp) for (const { take } of readers()) take({ events: [], caughtUp }, at);
  };

  const follow = async (from: LogPosition, signal: AbortSignal): Promise<void> => {
    const here = { at: from, caughtUp: false, moved: new AbortController() };
    open = here;
    const either = AbortSignal.any([signal, here.moved.signal]);
    for await (const page of eventStore.subscribeToAll(from, either)) {
      const after = here.at;
      here.at = page.events.at(-1)?.logPosition ?? after;
      here.caughtUp = page.caughtUp;
      for (const { take } of readers()) take(page, after);
      problem = undefined;
      failures = 0;
      if (place() !== here.at) return;
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      bell = Promise.withResolvers<void>();
      const from = place();
      try {
        if (from === undefined) await orAborted(bell.promise, signal);
        else await follow(from, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (problem === undefined) options.onProblem(error);
        problem = wordsOf(error);
        failures += 1;
        await timer.pause(retryPauseMs(failures, options.retryMs, error), signal);
      } finally {
        open = undefined;
      }
    }
  };

  return { run, changed, problem: () => problem };
};
