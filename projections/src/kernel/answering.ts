import {
  type AsOf,
  accepted,
  type LogPosition,
  type Outcome,
  type ReadStore,
  refused,
  ViewParked,
} from '@sentinel/contracts/kernel';

/** How long a query waits for the views to reach `min_position`. */
export const waitMs = 2_000;

/**
 * Answers a query from the views: first waits until they are folded as far as the caller has seen,
 * then adds the position on which the answer rests. Refuses with STALE_VIEW or VIEW_PARKED.
 */
export const answering = async <Value extends object>(
  readStore: ReadStore,
  minPosition: LogPosition | undefined,
  read: () => Promise<AsOf<Outcome<Value>>>,
): Promise<Outcome<Value & { readonly as_of_position: string }>> => {
  if (minPosition !== undefined && !(await readStore.waitFor(minPosition, waitMs)))
    return stale(readStore.logPosition(), minPosition);
  try {
    const { value: outcome, logPosition } = await read();
    // A database that crashed may have brought a view back behind what it had answered before.
    if (minPosition !== undefined && logPosition < minPosition)
      return stale(logPosition, minPosition);
    return outcome.ok ? accepted({ ...outcome.value, as_of_position: `${logPosition}` }) : outcome;
  } catch (error) {
    if (!(error instanceof ViewParked)) throw error;
    return refused(
      'VIEW_PARKED',
      `${error.message}.`,
      'An operator has to correct the cause and rebuild the view; nothing was lost.',
    );
  }
};

const stale = (logPosition: LogPosition, minPosition: LogPosition) =>
  refused(
    'STALE_VIEW',
    `The views stand at position ${logPosition}, before ${minPosition}.`,
    'Ask again in a moment, or without min_position for the answer as of an older position.',
  );
