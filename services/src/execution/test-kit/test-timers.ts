import type { Timers } from './slow-market.ts';

/** Turns of the event loop that work without timers takes at the most before it waits for one. */
const turns = 50;

/** Lets everything run that waits for no timer. */
export const settled = async (): Promise<void> => {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
};

/** Timers that a test moves by hand: no time passes unless it is told to. */
export const handTimers = (): Timers & { readonly pass: (ms: number) => Promise<void> } => {
  let nowMs = 0;
  let waiting: readonly { readonly dueMs: number; readonly wake: () => void }[] = [];
  const due = (untilMs: number) =>
    waiting.filter(({ dueMs }) => dueMs <= untilMs).toSorted((a, b) => a.dueMs - b.dueMs)[0];
  return {
    wait: (ms) =>
      new Promise((wake) => {
        waiting = [...waiting, { dueMs: nowMs + ms, wake }];
      }),
    pass: async (ms) => {
      const untilMs = nowMs + ms;
      await settled();
      for (let next = due(untilMs); next !== undefined; next = due(untilMs)) {
        const { dueMs } = next;
        nowMs = dueMs;
        const woken = waiting.filter((each) => each.dueMs === dueMs);
        waiting = waiting.filter((each) => each.dueMs !== dueMs);
        for (const { wake } of woken) wake();
        await settled();
      }
      nowMs = untilMs;
    },
  };
};
