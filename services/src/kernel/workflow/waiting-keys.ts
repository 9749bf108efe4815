import type { EventId, Position } from '@sentinel/contracts/kernel';

type Waiting = {
  readonly cause: EventId | undefined;
  /** Everything up to here is done for this key; undefined when only the clock asks. */
  readonly floor: Position | undefined;
};

/** Keys that have a step to come, each once, in the order in which they were first asked for. */
export type WaitingKeys = {
  readonly size: () => number;
  readonly ask: (key: string, waiting: Waiting) => void;
  /** The first key that is under no step now, which from here on it is; undefined when there is none. */
  readonly begin: () => { readonly key: string; readonly cause: EventId | undefined } | undefined;
  /** Its step is done; what was asked for meanwhile waits for another. */
  readonly done: (key: string) => void;
  /** Its step failed: it waits again, with whatever was asked for meanwhile, once `again` is called. */
  readonly failed: (key: string) => { readonly again: () => void };
  /** The position up to which nothing waits and nothing is under way, when `read` was read last. */
  readonly settled: (read: Position) => Position;
};

const earlier = (a: Position | undefined, b: Position | undefined): Position | undefined =>
  a === undefined ? b : b === undefined || a < b ? a : b;

const joined = (before: Waiting | undefined, next: Waiting): Waiting => ({
  cause: next.cause ?? before?.cause,
  floor: earlier(before?.floor, next.floor),
});

export const waitingKeys = (): WaitingKeys => {
  const waiting = new Map<string, Waiting>();
  const underWay = new Map<string, Waiting>();
  /** Keys whose step failed, until they may be tried again. */
  const resting = new Set<string>();

  return {
    size: () => waiting.size,
    ask: (key, next) => void waiting.set(key, joined(waiting.get(key), next)),
    begin: () => {
      for (const [key, next] of waiting) {
        if (underWay.has(key) || resting.has(key)) continue;
        waiting.delete(key);
        underWay.set(key, next);
        return { key, cause: next.cause };
      }
      return undefined;
    },
    done: (key) => void underWay.delete(key),
    failed: (key) => {
      const failed = underWay.get(key);
      underWay.delete(key);
      if (failed !== undefined) {
        const meanwhile = waiting.get(key);
        waiting.set(key, meanwhile === undefined ? failed : joined(failed, meanwhile));
      }
      resting.add(key);
      return { again: () => void resting.delete(key) };
    },
    settled: (read) => {
      let floor: Position | undefined;
      for (const each of [...waiting.values(), ...underWay.values()])
        floor = earlier(floor, each.floor);
      return floor ?? read;
    },
  };
};
