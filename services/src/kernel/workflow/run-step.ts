import type { Digest, RecordedEvent, Timer } from '@sentinel/contracts/kernel';
import { derivedId } from './derived-id.ts';
import type { LeaseHold } from './lease-hold.ts';
import type { Workflow } from './workflow.ts';

/** Hears that a step begins that an event called for. What it answers is told its end, and what it threw. */
export type HearStep = (step: {
  readonly workflow: string;
  readonly cause: RecordedEvent;
}) => (error?: unknown) => void;

/** What a step is run with. */
export type StepSurroundings = {
  readonly workflow: Workflow;
  readonly hold: LeaseHold;
  readonly timer: Timer;
  readonly digest: Digest;
  readonly stepMs: number;
  /** Nobody hears of steps unless given. */
  readonly hearStep?: HearStep | undefined;
};

const longestAgainMs = 86_400_000;

/** Why a step's alarm is put out. Told by name: an abort without a reason takes a picture of the stack. */
const isOver = 'the step is over';

/**
 * Runs one step, and answers in how many milliseconds it wants to be called again, a day at the
 * most. When it takes too long its signal aborts and `onLate` is told; it is waited for all the same,
 * since two steps of one key must not run at once. @throws what the step throws
 */
export const runStep = async (
  { workflow, hold, timer, digest, stepMs, hearStep }: StepSurroundings,
  { key, cause }: { readonly key: string; readonly cause: RecordedEvent | undefined },
  onLate: (error: Error) => void,
): Promise<number | undefined> => {
  const ended = new AbortController();
  const cut = new AbortController();
  const lose = () => {
    ended.abort(isOver);
    cut.abort(hold.lost.reason);
  };
  hold.lost.addEventListener('abort', lose);
  void timer.pause(stepMs, ended.signal).then(() => {
    if (ended.signal.aborted) return;
    const error = new Error(`a step has not ended within ${stepMs} ms`);
    cut.abort(error);
    onLate(error);
  });
  const end = cause && hearStep?.({ workflow: workflow.name, cause });
  try {
    const answer = await workflow.step({
      key,
      cause,
      idFor: (of, purpose) =>
        derivedId(digest, { workflow: workflow.name, key, cause: of, purpose }),
      signal: cut.signal,
      fence: hold.fence,
    });
    end?.();
    if (answer === undefined) return undefined;
    if (!(answer.againMs >= 0)) throw new RangeError(`${answer.againMs} ms is no time to wait`);
    return Math.min(answer.againMs, longestAgainMs);
  } catch (error) {
    end?.(error);
    throw error;
  } finally {
    hold.lost.removeEventListener('abort', lose);
    ended.abort(isOver);
  }
};
