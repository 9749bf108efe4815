import { setImmediate as turn } from 'node:timers/promises';
import type { Timer } from '@sentinel/contracts/kernel';

/** A time that goes on as fast as anybody waits. */
export const hastyTimer = (): Timer => {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    pause: async (ms) => {
      nowMs += ms;
      await turn();
    },
  };
};
