import { type Digest, EventStoreCorrupt } from '@sentinel/contracts/kernel';
import {
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  sessionDecider,
} from '../../execution/index.ts';
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

/** A command as it must have been given, with what is recorded of it. */
export type ReplayStep = {
  readonly command: SessionCommand | undefined;
  readonly entries: readonly Entry[];
};

/** More than one command ever leaves behind, and more than most do. */
const mostOfOne = 600;
const mostOfMost = 12;
const withMany: ReadonlySet<SessionEvent['type']> = new Set([
  ...(['OrderExpired', 'OrderCanceled', 'CorporateActionApplied'] as const),
]);

/** An event with what may have come of the same command. */
const windowAt = (entries: readonly Entry[], n: number): readonly [Entry, ...Entry[]] => {
  const entry = entries[n] as Entry;
  const most = withMany.has(entry.event.type) ? mostOfOne : mostOfMost;
  return [entry, ...entries.slice(n + 1, n + most)];
};

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
    onStep = () => undefined,
  }: {
    readonly digest: Digest;
    /** Without it the opening books are taken as recorded. */
    readonly previous?: Previous | undefined;
    /** Told of the session as each event left it. */
    readonly onState?: (after: SessionState, entry: Entry) => void;
    /** Told of each command with the events that came of it, before they are folded. */
    readonly onStep?: (step: ReplayStep) => void;
  },
): Replay => {
  const { evolve, initialState } = sessionDecider(digest);
  const taken = new Map<SessionEvent['type'], number>();
  let [decidedAgain, assessments, n] = [0, 0, 0];
  let state: SessionState = initialState;
  let firstDifference: FirstDifference | null = null;
  while (n < entries.length) {
    const { covered, difference, command }: Step =
      firstDifference === null
        ? step(windowAt(entries, n), {
            ...{ before: state, last: entries[n - 1], previous, digest },
          })
        : { covered: 0, difference: undefined };
    if (difference !== undefined) firstDifference = difference;
    const { type } = (entries[n] as Entry).event;
    if (covered === 0 && firstDifference === null) taken.set(type, (taken.get(type) ?? 0) + 1);
    if (firstDifference === null) decidedAgain += covered;
    const led = entries.slice(n, n + Math.max(1, covered));
    onStep({ command, entries: led });
    try {
      for (const entry of led) {
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
