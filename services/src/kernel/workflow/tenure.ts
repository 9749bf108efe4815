import { LeaseLost, type WorkflowCheckpoint, type WorkflowStore } from '@sentinel/contracts/kernel';
import type { LogReader } from './log-feed.ts';
import { type Stepping, type SteppingOptions, stepping } from './stepping.ts';
import { orAborted } from './waiting.ts';

export type TenureOptions = SteppingOptions & {
  readonly workflowStore: WorkflowStore;
  /** The lease could be renewed and the checkpoint saved, or not. */
  readonly onBeat: (error: unknown) => void;
};

/** The time for which one process holds the lease of one workflow without a break. */
export type Tenure = {
  /** Works until `stop` aborts or the lease is lost, and answers when no step runs any more. */
  readonly run: (stop: AbortSignal) => Promise<void>;
  /** Undefined once it reads no more. */
  readonly reader: () => LogReader | undefined;
  readonly steps: Stepping;
  /** False once it may not act any more, though a step may still be ending. */
  readonly holds: () => boolean;
};

export const tenure = (options: TenureOptions): Tenure => {
  const { workflow, workflowStore, hold, timer, limits, onBeat } = options;
  const steps = stepping(options);
  let saved = options.start;
  let reading = true;

  const save = async (): Promise<void> => {
    const checkpoint = steps.checkpoint();
    if (isSame(checkpoint, saved)) return;
    const saving = workflowStore.saveCheckpoint(workflow.name, hold.epoch, checkpoint);
    await orAborted(saving, hold.lost);
    saved = checkpoint;
  };
  const beat = async (): Promise<void> => {
    try {
      await hold.renew();
      await save();
      onBeat(undefined);
    } catch (error) {
      if (error instanceof LeaseLost) hold.lose(error);
      else if (!hold.lost.aborted) onBeat(error);
    }
  };
  const beatUntil = async (end: AbortSignal): Promise<void> => {
    while (!end.aborted) {
      await timer.pause(limits.ttlMs / 3, end);
      if (!end.aborted) await beat();
    }
  };

  const run = async (stop: AbortSignal): Promise<void> => {
    await beatUntil(AbortSignal.any([stop, hold.lost]));
    reading = false;
    const ended = new AbortController();
    void steps.idle.then(() => ended.abort());
    steps.close();
    await beatUntil(AbortSignal.any([ended.signal, hold.lost]));
    // Also of a lease that is lost: two steps of one key must not run at once, in one process least.
    const heard = AbortSignal.any([ended.signal, stop]);
    await timer.pause(limits.stepMs, heard);
    if (!heard.aborted) onBeat(new Error('the lease is lost, and a step of it does not end'));
    await steps.idle;
    if (hold.holds()) await save();
  };

  const reader: LogReader = {
    ...steps,
    take: (page, after) => {
      try {
        steps.take(page, after);
      } catch (error) {
        // A workflow that cannot read an event stops here, and holds up nobody else.
        hold.lose(error);
      }
    },
  };
  return { run, steps, holds: hold.holds, reader: () => (reading ? reader : undefined) };
};

const isSame = (a: WorkflowCheckpoint, b: WorkflowCheckpoint): boolean =>
  a.logPosition === b.logPosition &&
  a.keys.length === b.keys.length &&
  a.keys.every((key, index) => key === b.keys[index]);
