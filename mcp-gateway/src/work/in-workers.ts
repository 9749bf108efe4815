import { Worker } from 'node:worker_threads';
import type { RunTask } from '@sentinel/services/kernel';
import type { TaskName, Tasks } from './tasks.ts';
import type { Given, Said } from './worker.ts';

/** Each has a heap and a processor of its own: more would starve what trades. */
const atOnce = 2;
const largestHeapMb = 1_024;

type Running<Name extends TaskName> = RunTask<Parameters<Tasks[Name]>[0], ReturnType<Tasks[Name]>>;
type How = Parameters<Running<TaskName>>[1];

export type InWorkers = {
  readonly run: <Name extends TaskName>(name: Name) => Running<Name>;
  /** Ends what is under way: its caller is told so. */
  readonly stop: () => Promise<void>;
};

/** A thread that waits for work does not keep the program alive. */
const begin = (): Worker => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: largestHeapMb },
  });
  worker.unref();
  return worker;
};

/** Gives a thread one task. Rejects when the thread ends before the task does. */
const give = (worker: Worker, given: Given, { signal, progress }: How): Promise<object> =>
  new Promise((resolve, reject) => {
    const end = (then: () => void): void => {
      signal.removeEventListener('abort', giveUp);
      for (const name of ['message', 'error', 'exit']) worker.removeAllListeners(name);
      worker.unref();
      then();
    };
    const giveUp = (): void => end(() => reject(signal.reason));
    signal.addEventListener('abort', giveUp, { once: true });
    worker.ref();
    worker.on('message', (said: Said) => {
      if (said.kind === 'progress') progress(...said.of);
      else end(() => (said.kind === 'done' ? resolve(said.output) : reject(said.error)));
    });
    worker.on('error', (error) => end(() => reject(error)));
    worker.on('exit', (code) => end(() => reject(new Error(`its thread ended with ${code}`))));
    worker.postMessage(given);
  });

/**
 * Does tasks in threads of their own, some at once, the rest in turn. A thread takes a second to begin and
 * is kept for the next task; one whose task was given up or failed is ended.
 */
export const inWorkers = (): InWorkers => {
  const stopped = new AbortController();
  const waiting: (() => void)[] = [];
  const idle: Worker[] = [];
  let running = 0;
  const turn = async (): Promise<void> => {
    if (running < atOnce) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const done = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
  const run = async (given: Given, how: How): Promise<object> => {
    await turn();
    let worker: Worker | undefined;
    try {
      const signal = AbortSignal.any([how.signal, stopped.signal]);
      signal.throwIfAborted();
      worker = idle.pop() ?? begin();
      const output = await give(worker, given, { ...how, signal });
      idle.push(worker);
      return output;
    } catch (error) {
      await worker?.terminate();
      throw error;
    } finally {
      done();
    }
  };
  return {
    run: <Name extends TaskName>(task: Name) =>
      // What a task answers is of the type that its name has.
      ((input, how) => run({ task, input }, how)) as Running<Name>,
    stop: async () => {
      stopped.abort(new Error('Sentinel is stopping'));
      await Promise.all(idle.map((worker) => worker.terminate()));
    },
  };
};
