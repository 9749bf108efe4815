import { boundedCache } from '@sentinel/contracts/kernel';

type Window = { total: number; readonly endsMs: number };

/** Names that are counted at once; the oldest is forgotten for one more. */
const mostNames = 10_000;

export type Windows = {
  /** Counts one more. */
  readonly add: (name: string) => void;
  /** Milliseconds until a name has room again; 0 while it has. */
  readonly fullForMs: (name: string) => number;
};

/** Counts in this process how often something was done, in windows that begin with the first count. */
export const windows = (
  { most, windowMs }: { readonly most: number; readonly windowMs: number },
  /** Of a clock that never goes back. */
  nowMs: () => number = () => performance.now(),
): Windows => {
  const counts = boundedCache<string, Window>(mostNames);
  const going = (name: string): Window | undefined => {
    const found = counts.get(name);
    return found !== undefined && found.endsMs > nowMs() ? found : undefined;
  };
  return {
    add: (name) => {
      const window = going(name) ?? { total: 0, endsMs: nowMs() + windowMs };
      window.total++;
      counts.set(name, window);
    },
    fullForMs: (name) => {
      const window = going(name);
      return window !== undefined && window.total >= most ? window.endsMs - nowMs() : 0;
    },
  };
};
