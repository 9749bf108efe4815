import { parentPort } from 'node:worker_threads';
import type { Task } from '@sentinel/services/kernel';
import { type TaskName, tasks } from './tasks.ts';

export type Given = { readonly task: TaskName; readonly input: object };

/** What a thread says to the one that gave it the task. */
export type Said =
  | { readonly kind: 'progress'; readonly of: readonly [number, number, string] }
  | { readonly kind: 'done'; readonly output: object }
  | { readonly kind: 'failed'; readonly error: unknown };

const say = (said: Said): void => parentPort?.postMessage(said);

parentPort?.on('message', ({ task, input }: Given) => {
  try {
    // Each task is called with the input that its own name has.
    const work = tasks[task] as Task<object, object>;
    say({ kind: 'done', output: work(input, (...of) => say({ kind: 'progress', of })) });
  } catch (error) {
    say({ kind: 'failed', error });
  }
});
