import type { EventStore } from '@sentinel/contracts/kernel';

/** Before an append took effect, or after: the process that made it has heard of neither. */
export type Moment = 'before' | 'after';

export class Died extends Error {}

/** A store as one process sees it: once it has died, nothing that it had begun is heard of any more. */
export const mortalStore = (store: EventStore, dies: () => Moment | undefined) => {
  let isDead = false;
  const died = () => {
    isDead = true;
    return new Died();
  };
  return {
    ...store,
    appendToStream: async (...call: Parameters<EventStore['appendToStream']>) => {
      if (isDead) throw new Died();
      const death = dies();
      if (death === 'before') throw died();
      const done = await store.appendToStream(...call);
      if (death === 'after') throw died();
      return done;
    },
  };
};
