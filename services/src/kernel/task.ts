import type { RequestContext } from '@sentinel/contracts/kernel';

/** Says how far a task has come. */
export type TaskProgress = RequestContext['progress'];

/**
 * A long reckoning: pure but for what it says of its progress, from plain values to plain values, so that
 * it may be done in another thread.
 */
export type Task<Input, Output> = (input: Input, progress: TaskProgress) => Output;

/** Does a task somewhere, and answers meanwhile. Rejects with the signal's reason when that aborts. */
export type RunTask<Input, Output> = (
  input: Input,
  how: Pick<RequestContext, 'signal' | 'progress'>,
) => Promise<Output>;

/** Does it here, and answers nothing meanwhile: for tests, and for what is short. */
export const hereAndNow =
  <Input, Output>(task: Task<Input, Output>): RunTask<Input, Output> =>
  async (input, { progress }) =>
    task(input, progress);
