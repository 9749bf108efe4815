import type { KeyBook } from './key-book.ts';
import {
  called,
  failed,
  gathered,
  gathering,
  type KeyEntry,
  retried,
  settled,
} from './key-entry.ts';
import { keyTimers } from './key-timers.ts';
import { retryPauseMs, type WorkflowLimits } from './limits.ts';
import { keyProblems, type WorkflowProblem } from './problems.ts';
import { runStep, type StepSurroundings } from './run-step.ts';

export type StepRunnerOptions = Omit<StepSurroundings, 'stepMs'> & {
  readonly limits: WorkflowLimits;
  readonly onProblem: (problem: WorkflowProblem) => void;
};

/** Steps the keys of a book: one key's steps one after another, those of some keys side by side. */
export type StepRunner = {
  /** Begins what is in line, as far as there is room for it. */
  readonly pump: () => void;
  /** Calls a key that waits for the clock before its time. */
  readonly call: (key: string) => void;
  readonly problem: () => string | undefined;
  /** Begins no more steps. */
  readonly close: () => void;
  /** Resolves once it is closed and no step runs. */
  readonly idle: Promise<void>;
};

export const stepRunner = (
  book: KeyBook,
  options: StepRunnerOptions,
  onSettled: () => void,
): StepRunner => {
  const { workflow, hold, timer, limits } = options;
  const surroundings = { ...options, stepMs: limits.stepMs };
  const timers = keyTimers(timer);
  const problems = keyProblems(workflow.name, options.onProblem);
  const { promise: idle, resolve: becomeIdle } = Promise.withResolvers<void>();
  let running = 0;
  let closed = false;

  const pump = (): void => {
    while (!closed && running < limits.width && hold.holds()) {
      const next = book.begin();
      if (next === undefined) break;
      timers.cancel(next.key);
      running += 1;
      void step(next);
    }
    if (closed && running === 0) becomeIdle();
  };

  const move = (key: string, to: (entry: KeyEntry) => KeyEntry): void => {
    if (book.has(key)) book.put(key, to(book.current(key)));
    pump();
  };
  const later = (key: string, ms: number, to: (entry: KeyEntry) => KeyEntry): void => {
    if (!closed) timers.set(key, ms, () => move(key, to));
  };

  const gather = (
    key: string,
    entry: KeyEntry,
    { forMs, againMs }: { readonly forMs: number; readonly againMs: number },
  ): void => {
    book.put(key, entry);
    timers.set(key, forMs, () => {
      const next = gathered(book.current(key));
      book.put(key, next);
      if (next?.state === 'waiting') later(key, Math.max(0, againMs - forMs), called);
      pump();
    });
  };

  const succeed = (key: string, entry: KeyEntry, againMs: number | undefined): void => {
    if (againMs !== undefined && !entry.clock && book.clockKeys() >= limits.clockKeys)
      throw new RangeError(`more than ${limits.clockKeys} keys would wait for the clock`);
    const next = settled(entry, againMs !== undefined);
    problems.solved(key);
    if (workflow.gatherMs !== undefined && !closed) {
      gather(key, gathering(next), { forMs: workflow.gatherMs, againMs: againMs ?? 0 });
      return;
    }
    book.put(key, next);
    if (next?.state === 'waiting') later(key, againMs ?? 0, called);
  };

  const fail = (key: string, entry: KeyEntry, error: unknown): void => {
    book.put(key, failed(entry));
    // What was cut off because this process must not act has not failed by itself.
    if (!hold.lost.aborted) problems.failed(key, error);
    later(key, retryPauseMs(entry.failures + 1, limits.retryMs, error), retried);
  };

  const step = async ({ key, cause }: NonNullable<ReturnType<KeyBook['begin']>>) => {
    const late = (error: Error) => problems.failed(key, error);
    try {
      const againMs = await runStep(surroundings, { key, cause }, late);
      succeed(key, book.current(key), againMs);
    } catch (error) {
      fail(key, book.current(key), error);
    }
    running -= 1;
    onSettled();
    pump();
  };

  const close = (): void => {
    closed = true;
    timers.cancelAll();
    pump();
  };
  return { pump, call: (key) => move(key, called), problem: problems.sentence, close, idle };
};
