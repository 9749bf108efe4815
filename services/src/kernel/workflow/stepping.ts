import type { LogPosition, SubscriptionPage, WorkflowCheckpoint } from '@sentinel/contracts/kernel';
import { keyBook } from './key-book.ts';
import { watched } from './key-entry.ts';
import { type StepRunner, type StepRunnerOptions, stepRunner } from './step-runner.ts';

/** The work of one workflow for as long as it holds its lease. */
export type Stepping = Pick<StepRunner, 'call' | 'problem' | 'close' | 'idle'> & {
  /** Everything up to here has been read. */
  readonly seen: () => LogPosition;
  /** False while too much waits to be stepped. */
  readonly hasRoom: () => boolean;
  /** Reads a page that stands behind `after`, as far as there is room and if it joins what was read. */
  readonly take: (page: SubscriptionPage, after: LogPosition) => void;
  readonly checkpoint: () => WorkflowCheckpoint;
  /** How many keys have events that no step has covered, and for how long it has been behind. */
  readonly lag: () => { readonly keys: number; readonly ms: number };
};

export type SteppingOptions = StepRunnerOptions & {
  readonly start: WorkflowCheckpoint;
  /** There is room again. */
  readonly onRoom: () => void;
};

/** @throws what the workflow's `keys` throws; `take` throws what its `concerns` throws */
export const stepping = (options: SteppingOptions): Stepping => {
  const { workflow, start, timer, limits, onRoom } = options;
  const book = keyBook(start.logPosition);
  let full = false;
  let behindSinceMs: number | undefined = timer.nowMs();

  const settledOne = (): void => {
    if (!full || book.unsettledKeys() * 2 > limits.unsettledKeys) return;
    full = false;
    onRoom();
  };
  const runner = stepRunner(book, options, settledOne);

  const take: Stepping['take'] = ({ events, caughtUp }, after) => {
    const last = events.at(-1)?.logPosition ?? after;
    // A page behind a gap would lose what stands in the gap; one that was read before says nothing new.
    if (after > book.seen() || last < book.seen()) return;
    for (const event of events) {
      if (event.logPosition <= book.seen()) continue;
      const key = workflow.concerns(event);
      full ||=
        key !== undefined && !book.isUnsettled(key) && book.unsettledKeys() >= limits.unsettledKeys;
      if (full) break;
      book.read(event, key, timer.nowMs());
    }
    behindSinceMs = caughtUp && !full ? undefined : (behindSinceMs ?? timer.nowMs());
    runner.pump();
  };

  const lag: Stepping['lag'] = () => {
    const sinceMs = Math.min(book.oldestMs() ?? Infinity, behindSinceMs ?? Infinity);
    const ms = sinceMs === Infinity ? 0 : Math.round(timer.nowMs() - sinceMs);
    return { keys: book.unsettledKeys(), ms };
  };

  for (const key of new Set([...start.keys, ...(workflow.keys?.() ?? [])]))
    book.put(key, watched(book.current(key)));
  runner.pump();

  const { call, problem, close, idle } = runner;
  const { seen, checkpoint } = book;
  return { seen, hasRoom: () => !full, take, call, checkpoint, lag, problem, close, idle };
};
