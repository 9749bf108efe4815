import {
  type Digest,
  type EventId,
  type EventStore,
  EventStoreUnavailable,
  type Position,
} from '@sentinel/contracts/kernel';
import { idFrom } from '../id-from.ts';
import { pause } from './pause.ts';
import { type WaitingKeys, waitingKeys } from './waiting-keys.ts';
import type { Workflow } from './workflow.ts';

/** Steps of different keys that are under way at the same time. */
const stepsAtOnce = 8;
/** Keys that may wait: then the log is read no further until some are done. */
const mostWaiting = 1_000;
const firstPauseMs = 50;
const longestPauseMs = 5_000;

export type Work = {
  /** Works until `signal` aborts; returns once no step is under way any more. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** Everything up to here is done. */
  readonly settled: () => Position;
  readonly waiting: () => number;
};

export type WorkOptions = {
  readonly workflow: Workflow;
  readonly eventStore: Pick<EventStore, 'subscribeToAll'>;
  /** Where the log was done up to. */
  readonly from: Position;
  readonly digest: Digest;
  /** What went wrong with a step or with the log; undefined once it goes on. */
  readonly onProblem: (problem: unknown) => void;
};

/** One workflow at work, for as long as its lease is held. */
export const work = (options: WorkOptions): Work => {
  const { onProblem } = options;
  const keys = waitingKeys();
  let read = options.from;
  const stepping = steps(options, keys);

  const follow = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const page of options.eventStore.subscribeToAll(read, signal)) {
          for (const event of page.events) {
            const key = options.workflow.concerns(event);
            if (key !== undefined) keys.ask(key, { cause: event.id, floor: read });
            read = event.position;
          }
          stepping.pump(signal);
          await stepping.below(mostWaiting, signal);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof EventStoreUnavailable)) throw error;
        onProblem(error);
        await pause(firstPauseMs, signal);
      }
    }
  };

  return {
    run: async (signal) => {
      for (const key of (await options.workflow.keys?.()) ?? [])
        keys.ask(key, { cause: undefined, floor: undefined });
      stepping.pump(signal);
      try {
        await follow(signal);
      } finally {
        await stepping.idle();
      }
    },
    settled: () => keys.settled(read),
    waiting: keys.size,
  };
};

/** Takes keys through their steps, some side by side, and again when they fail or ask for it. */
const steps = ({ workflow, digest, onProblem }: WorkOptions, keys: WaitingKeys) => {
  const underWay = new Set<Promise<void>>();
  const attempts = new Map<string, number>();
  const alarms = new Map<string, AbortController>();
  let onSettled = (): void => undefined;

  /** Calls after a while, unless something else does before. */
  const later = (key: string, ms: number, by: { signal: AbortSignal; call: () => void }) => {
    alarms.get(key)?.abort();
    const alarm = new AbortController();
    alarms.set(key, alarm);
    const either = AbortSignal.any([by.signal, alarm.signal]);
    void pause(ms, either).then(() => {
      if (alarms.get(key) === alarm) alarms.delete(key);
      if (either.aborted) return;
      by.call();
      pump(by.signal);
    });
  };

  const one = async (key: string, cause: EventId | undefined, signal: AbortSignal) => {
    const idFor = (purpose: string) =>
      idFrom(digest, `${workflow.name}|${key}|${cause ?? 'clock'}|${purpose}`);
    try {
      const again = await workflow.step({ key, cause, idFor, signal });
      keys.done(key);
      if (attempts.delete(key)) onProblem(undefined);
      const ask = () => keys.ask(key, { cause: undefined, floor: undefined });
      if (again !== undefined) later(key, again, { signal, call: ask });
    } catch (error) {
      const { again } = keys.failed(key);
      if (signal.aborted) return;
      const failures = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, failures);
      onProblem(error);
      const ms = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 16));
      later(key, ms, { signal, call: again });
    }
  };

  const pump = (signal: AbortSignal): void => {
    while (!signal.aborted && underWay.size < stepsAtOnce) {
      const next = keys.begin();
      if (next === undefined) return;
      const task: Promise<void> = one(next.key, next.cause, signal).then(() => {
        underWay.delete(task);
        onSettled();
        pump(signal);
      });
      underWay.add(task);
    }
  };

  return {
    pump,
    /** Resolves once fewer than `most` keys wait. */
    below: async (most: number, signal: AbortSignal): Promise<void> => {
      while (keys.size() >= most && !signal.aborted) {
        await new Promise<void>((resolve) => {
          onSettled = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
    idle: async (): Promise<void> => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};
