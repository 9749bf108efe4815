import type { EventStore, WorkflowStore } from '@sentinel/contracts/kernel';

/** What the dead wait for. */
const never = <Value>(): Promise<Value> => new Promise(() => undefined);

/**
 * A process that dies at its n-th call of a store: before the call takes effect or after, and in
 * either case without an answer. From then on it neither does nor hears anything.
 */
export const mortal = (death: { readonly atCall: number; readonly takesEffect: boolean }) => {
  let calls = 0;
  const call = async <Value>(doing: () => Promise<Value>): Promise<Value> => {
    calls += 1;
    if (calls > death.atCall) return never();
    if (calls < death.atCall) {
      const answer = await doing();
      return calls > death.atCall ? never() : answer;
    }
    if (death.takesEffect) await doing();
    return never();
  };
  return {
    isDead: () => calls >= death.atCall,
    eventStore: (store: EventStore): EventStore => ({
      ...store,
      appendToStream: (...args) => call(() => store.appendToStream(...args)),
      readStream: (...args) => call(() => store.readStream(...args)),
      subscribeToAll: async function* (after, signal) {
        for await (const page of store.subscribeToAll(after, signal))
          yield await call(async () => page);
      },
    }),
    workflowStore: (store: WorkflowStore): WorkflowStore => ({
      ...store,
      acquire: (...args) => call(() => store.acquire(...args)),
      renew: (...args) => call(() => store.renew(...args)),
      release: (...args) => call(() => store.release(...args)),
      checkpoint: (...args) => call(() => store.checkpoint(...args)),
      saveCheckpoint: (...args) => call(() => store.saveCheckpoint(...args)),
    }),
  };
};

/** Waits until something holds, looking again at every turn of the event loop. Throws after `withinMs`. */
export const until = async (holds: () => boolean | Promise<boolean>, withinMs = 5_000) => {
  const started = performance.now();
  while (!(await holds())) {
    if (performance.now() - started > withinMs) throw new Error('it did not come to hold in time');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};
