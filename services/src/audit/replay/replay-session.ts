import { type Digest, EventStoreCorrupt } from '@sentinel/contracts/kernel';
import { type SessionEvent, type SessionState, sessionDecider } from '../../execution/index.ts';
import type { Previous } from './command-behind.ts';
import type { Entry, FirstDifference } from './compare-events.ts';
import { type Step, step } from './decide-again.ts';

export type Replay = {
  readonly result: 'equal' | 'different';
  /** Events that a decision made again came out as, and those that too little is recorded to decide. */
  readonly decidedAgain: number;
  readonly taken: ReadonlyMap<SessionEvent['type'], number>;
  readonly assessments: number;
  readonly firstDifference: FirstDifference | null;
};

/** More than one command ever leaves behind. */
const mostOfOne = 600;

/**
 * Executes a session again: from the session as each event found it, the command that must have led there
 * is decided once more, and must come out as recorded, digest for digest, to the cent. An assessment is made
 * by the policy that made it. Stops at the first difference, since what follows rests on it.
 */
export const replaySession = (
  entries: readonly Entry[],
  {
    digest,
    previous,
    onState = () => undefined,
  }: {
    readonly digest: Digest;
    /** Without it the opening books are taken as recorded. */
    readonly previous?: Previous | undefined;
    /** Told of the session as each event left it. */
    readonly onState?: (after: SessionState, entry: Entry) => void;
  },
): Replay => {
  const { evolve, initialState } = sessionDecider(digest);
  const taken = new Map<SessionEvent['type'], number>();
  let [decidedAgain, assessments, n] = [0, 0, 0];
  let state: SessionState = initialState;
  let firstDifference: FirstDifference | null = null;
  while (n < entries.length) {
    const { covered, difference }: Step =
      firstDifference === null
        ? step([entries[n] as Entry, ...entries.slice(n + 1, n + mostOfOne)], {
            ...{ before: state, last: entries[n - 1], previous, digest },
          })
        : { covered: 0, difference: undefined };
    if (difference !== undefined) firstDifference = difference;
    const { type } = (entries[n] as Entry).event;
    if (covered === 0 && firstDifference === null) taken.set(type, (taken.get(type) ?? 0) + 1);
    if (firstDifference === null) decidedAgain += covered;
    try {
      for (const entry of entries.slice(n, n + Math.max(1, covered))) {
        if (entry.event.type === 'RiskAssessed') assessments += 1;
        state = evolve(state, entry.event);
        onState(state, entry);
      }
    } catch (error) {
      if (!(error instanceof EventStoreCorrupt)) throw error;
      firstDifference ??= {
        ...{ eventId: (entries[n] as Entry).id, type, differences: [] },
        what: `The session cannot be folded on: ${error.message}.`,
      };
      break;
    }
    n += Math.max(1, covered);
  }
  const result = firstDifference === null ? 'equal' : 'different';
  return { result, decidedAgain, taken, assessments, firstDifference };
};
