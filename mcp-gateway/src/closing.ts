import type { ProgramLog } from '@sentinel/infra/telemetry';

const endWithinMs = 15_000;

/** What was begun, and how it ends. */
export type Closing = {
  readonly add: (name: string, end: () => Promise<void>) => void;
  /** Ends all, once; a second call waits for the first. */
  readonly close: () => Promise<void>;
};

/** Remembers how to end what was begun, and ends it in reverse order, each within a bound. */
export const closing = (log: ProgramLog): Closing => {
  const ends: { readonly name: string; readonly end: () => Promise<void> }[] = [];
  let closed: Promise<void> | undefined;

  const closeAll = async (): Promise<void> => {
    for (const { name, end } of ends.reverse()) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${name} did not end in time`)), endWithinMs);
      });
      await Promise.race([end(), late])
        .catch((error: unknown) => log.error(`ending the ${name}`, error))
        .finally(() => clearTimeout(timer));
    }
  };

  return {
    add: (name: string, end: () => Promise<void>): void => void ends.push({ name, end }),
    close: (): Promise<void> => (closed ??= closeAll()),
  };
};
