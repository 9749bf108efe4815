import type { EventStore, Timer, WorkflowStore } from '@sentinel/contracts/kernel';

/** What workflows stand on, for their tests. */
export type World = {
  readonly eventStore: EventStore;
  readonly workflowStore: WorkflowStore;
  readonly timer: Timer;
};

export type VirtualTimer = Timer & {
  /** How many pauses are under way. */
  readonly pauses: () => number;
  /** Lets `ms` milliseconds pass, with everything that happens in them. */
  readonly advance: (ms: number) => Promise<void>;
  /**
   * Lets time pass from event to event until the condition holds, and answers how much did.
   * @throws when it does not hold within `withinMs`
   */
  readonly until: (condition: () => boolean, withinMs?: number) => Promise<number>;
};

type Pause = { readonly dueMs: number; readonly end: () => void };

const usualWithinMs = 600_000;
/** What does not wait for time gets done in so many turns of the event loop. */
const turns = 10;

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** Time that passes only when a test lets it. */
export const virtualTimer = (): VirtualTimer => {
  const pauses = new Set<Pause>();
  let nowMs = 0;

  const pause: Timer['pause'] = (ms, signal) =>
    new Promise((resolve) => {
      const end = () => {
        pauses.delete(entry);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const entry: Pause = { dueMs: nowMs + Math.max(0, ms), end };
      pauses.add(entry);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
    });

  /** Goes on to the next pause that ends, or to the bound. */
  const next = async (boundMs: number): Promise<void> => {
    const dueMs = [...pauses].reduce((least, each) => Math.min(least, each.dueMs), boundMs);
    nowMs = Math.max(nowMs, dueMs);
    for (const each of [...pauses]) if (each.dueMs <= nowMs) each.end();
    await settle();
  };

  return {
    nowMs: () => nowMs,
    pause,
    pauses: () => pauses.size,
    advance: async (ms) => {
      const boundMs = nowMs + ms;
      await settle();
      while (nowMs < boundMs) await next(boundMs);
    },
    until: async (condition, withinMs = usualWithinMs) => {
      const beginMs = nowMs;
      await settle();
      while (!condition()) {
        if (nowMs >= beginMs + withinMs) throw new Error(`not within ${withinMs} ms`);
        await next(beginMs + withinMs);
      }
      return nowMs - beginMs;
    },
  };
};

/** What happens at a call to a store, or nothing. */
export type Fault = {
  readonly moment: 'before' | 'after';
  /** What the call throws; without it the process dies there, and nothing it asked for is answered. */
  readonly error?: Error;
  /** Instead of dying it stands still for so long: it hears no timer and no answer, and then goes on. */
  readonly stillMs?: number;
};

export type FaultyWorld = World & {
  /** Kills the process now: nothing more that it does takes effect. */
  readonly kill: () => void;
  readonly dead: () => boolean;
  readonly still: () => boolean;
  readonly calls: () => number;
};

const never = new Promise<never>(() => undefined);
const unheard = new AbortController().signal;

/**
 * The world as one process sees it, which meets a fault before or after any call took effect.
 * `faultAt` is asked at each call, counted from 1; a page of the log counts as one.
 */
export const faultyWorld = (
  world: World,
  faultAt: (call: number, name: string) => Fault | undefined = () => undefined,
): FaultyWorld => {
  const { eventStore, workflowStore, timer } = world;
  let dead = false;
  let standing: Promise<void> | undefined;
  let calls = 0;

  const stand = (ms: number): void => {
    const over: Promise<void> = timer.pause(ms, unheard).then(() => {
      if (standing === over) standing = undefined;
    });
    standing = over;
  };
  /** Resolves while it lives and goes on. */
  const awake = async (): Promise<void> => {
    while (standing !== undefined) await standing;
    if (dead) await never;
  };
  const call = async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    if (dead) return never;
    calls += 1;
    const fault = faultAt(calls, name);
    const strike = async (moment: Fault['moment']): Promise<void> => {
      if (fault?.moment === moment) {
        if (fault.error !== undefined) throw fault.error;
        if (fault.stillMs === undefined) dead = true;
        else stand(fault.stillMs);
      }
      if (dead || standing !== undefined) await awake();
    };
    await strike('before');
    try {
      const value = await work();
      await strike('after');
      return value;
    } catch (error) {
      if (dead || standing !== undefined) await awake();
      throw error;
    }
  };

  return {
    kill: () => {
      dead = true;
    },
    dead: () => dead,
    still: () => standing !== undefined,
    calls: () => calls,
    timer: {
      nowMs: timer.nowMs,
      pause: (ms, signal) => (dead ? never : timer.pause(ms, signal).then(awake)),
    },
    eventStore: {
      ...eventStore,
      appendToStream: (...of) => call('appendToStream', () => eventStore.appendToStream(...of)),
      readStream: (...of) => call('readStream', () => eventStore.readStream(...of)),
      readAll: (...of) => call('readAll', () => eventStore.readAll(...of)),
      subscribeToAll: async function* (...of) {
        const pages = eventStore.subscribeToAll(...of)[Symbol.asyncIterator]();
        for (;;) {
          const page = await call('subscribeToAll', () => pages.next());
          if (page.done) return;
          yield page.value;
        }
      },
    },
    workflowStore: {
      ...workflowStore,
      acquire: (...of) => call('acquire', () => workflowStore.acquire(...of)),
      renew: (...of) => call('renew', () => workflowStore.renew(...of)),
      release: (...of) => call('release', () => workflowStore.release(...of)),
      checkpoint: (...of) => call('checkpoint', () => workflowStore.checkpoint(...of)),
      saveCheckpoint: (...of) => call('saveCheckpoint', () => workflowStore.saveCheckpoint(...of)),
    },
  };
};
