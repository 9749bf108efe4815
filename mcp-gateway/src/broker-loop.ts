import type { EventMetadata } from '@sentinel/contracts/kernel';
import type { Desk } from '@sentinel/services/execution';

/** How soon a fresh order is looked at again, and how often resting ones are. */
const freshMs = 25;
const restingMs = 250;
/** How long after an order was submitted the loop stays quick: longer than any venue latency. */
const freshForMs = 500;

export type BrokerLoop = {
  /** Called when an order was submitted: the loop looks soon. */
  readonly wake: () => void;
  /** Undefined while all is well; else what the last round failed with. */
  readonly problem: () => string | undefined;
  readonly stop: () => Promise<void>;
};

/**
 * Keeps taking working orders to the paper venue, and rolls the session when the exchange's date
 * changes. A failed round is reported and tried again: the orders stand in the log and lose nothing.
 */
export const brokerLoop = (options: {
  readonly desk: () => Pick<Desk, 'sessions' | 'broker' | 'guard'>;
  readonly metadata: () => EventMetadata;
  readonly onError: (error: unknown) => void;
  /** Called when the guard has halted something, with the code of the danger. */
  readonly onHalt: (code: string) => void;
}): BrokerLoop => {
  const { desk, metadata, onError, onHalt } = options;
  let timer: NodeJS.Timeout | undefined;
  let waiting = false;
  let running: Promise<void> = Promise.resolve();
  let freshUntil = 0;
  let stopped = false;
  let problem: string | undefined;

  const round = async (): Promise<void> => {
    const { sessions, broker, guard } = desk();
    if ((await sessions.open()).length > 0) await sessions.current(metadata());
    for (const { stream } of await sessions.open()) {
      await broker.look(stream);
      for (const code of await guard.watch(stream)) onHalt(code);
    }
  };

  const run = async (): Promise<void> => {
    try {
      await round();
      problem = undefined;
    } catch (error) {
      if (problem === undefined) onError(error);
      problem = error instanceof Error ? error.message : String(error);
    }
    schedule();
  };

  const schedule = (): void => {
    if (stopped) return;
    const delay = performance.now() < freshUntil ? freshMs : restingMs;
    waiting = true;
    timer = setTimeout(() => {
      waiting = false;
      running = run();
    }, delay);
  };

  schedule();
  return {
    wake: () => {
      const slow = performance.now() >= freshUntil;
      freshUntil = performance.now() + freshForMs;
      // A round under way schedules the next one quickly by itself.
      if (!slow || !waiting) return;
      clearTimeout(timer);
      schedule();
    },
    problem: () => problem,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};
