import { beforeAll, type Checkpoint, type LogPosition } from '@sentinel/contracts/kernel';

/** How far the views have come, as this process knows, and who waits for them to come further. */
export type Progress = {
  readonly logPosition: () => LogPosition;
  /** From here on this table is the one that serves its view. */
  readonly serve: (checkpoint: Checkpoint) => void;
  /** Takes over checkpoints; those of tables that do not serve, such as builds, count for nothing. */
  readonly moved: (checkpoints: readonly Checkpoint[]) => void;
  /** Resolves with true at `logPosition`, or with false after `timeoutMs`. */
  readonly reached: (logPosition: LogPosition, timeoutMs: number) => Promise<boolean>;
  /** Resolves as soon as somebody waits there for a position that is not reached, or when it is given up. */
  readonly awaited: (signal: AbortSignal) => Promise<void>;
};

export const progressOf = (views: readonly string[]): Progress => {
  const known = new Map<string, Checkpoint>();
  const waiting = new Set<{ readonly target: LogPosition; readonly wake: () => void }>();
  const listening = new Set<() => void>();
  let logPosition = beforeAll;

  const update = () => {
    logPosition = known.size < views.length ? beforeAll : lowestGoing([...known.values()]);
    for (const waiter of waiting) if (waiter.target <= logPosition) waiter.wake();
  };

  return {
    logPosition: () => logPosition,
    serve: (checkpoint) => {
      const { view, generation, logPosition: position } = checkpoint;
      const last = known.get(view);
      // Read before what has been told since: a table goes only forwards.
      const isOld = last?.generation === generation && last.logPosition > position;
      if (!isOld) known.set(view, checkpoint);
      update();
    },
    moved: (checkpoints) => {
      for (const checkpoint of checkpoints) {
        const { view, generation } = checkpoint;
        if (known.get(view)?.generation === generation) known.set(view, checkpoint);
      }
      update();
    },
    reached: (target, timeoutMs) =>
      new Promise((resolve) => {
        if (target <= logPosition) return resolve(true);
        const end = (inTime: boolean) => {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve(inTime);
        };
        const waiter = { target, wake: () => end(true) };
        const timer = setTimeout(() => end(false), timeoutMs);
        waiting.add(waiter);
        for (const hear of listening) hear();
      }),
    awaited: (signal) =>
      new Promise((resolve) => {
        const hear = () => {
          listening.delete(hear);
          signal.removeEventListener('abort', hear);
          resolve();
        };
        listening.add(hear);
        signal.addEventListener('abort', hear);
        if (waiting.size > 0 || signal.aborted) hear();
      }),
  };
};

/** A parked view holds nobody up: whoever asks it is told so. */
const lowestGoing = (known: readonly Checkpoint[]): LogPosition => {
  const inOrder = (checkpoints: readonly Checkpoint[]) =>
    checkpoints.map(({ logPosition }) => logPosition).sort((a, b) => (a < b ? -1 : 1));
  const going = inOrder(known.filter(({ parked }) => parked === null));
  return going[0] ?? inOrder(known).at(-1) ?? beforeAll;
};
