import type { Digest, EventId } from '@sentinel/contracts/kernel';
import {
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  sessionDecider,
} from '../../execution/index.ts';
import { currentPolicy, withoutProse } from '../../risk/index.ts';
import { type Difference, differencesBetween } from '../differences.ts';
import { reExecute } from '../re-execute.ts';
import { commandsBehind, type Previous } from './command-behind.ts';

/** One event of a session, as far as a replay looks at it. */
export type Entry = {
  readonly id: EventId;
  readonly event: SessionEvent;
  /** True where it was written in an older form of its type, in which members may be missing. */
  readonly older: boolean;
};

export type FirstDifference = {
  /** The recorded event that does not come out again; of one that came out beside it, the one before. */
  readonly eventId: EventId;
  readonly type: string;
  readonly what: string;
  readonly differences: readonly Difference[];
};

export type Replay = {
  readonly result: 'equal' | 'different';
  /** Events that a decision made again came out as, and those that too little is recorded to decide. */
  readonly decidedAgain: number;
  readonly taken: ReadonlyMap<SessionEvent['type'], number>;
  readonly assessments: number;
  readonly firstDifference: FirstDifference | null;
};

type Step = { readonly covered: number; readonly difference: FirstDifference | undefined };
type Told = Readonly<Record<string, unknown>>;

/** An event without its sentences, which may be worded better one day, and without what is not recorded. */
const told = ({ type, data }: SessionEvent): Told => {
  const { message: _, reason: __, ...rest } = data as Told;
  if (type === 'RiskAssessed') return { ...rest, checks: data.checks.map(withoutProse) };
  // Of what met a bar without trading only the bar's start is kept.
  return type === 'OrderPartiallyFilled' || type === 'OrderFilled' ? rest : { ...rest, bar: null };
};

/** Members that an older form did not have are null by its upcaster. */
const comparable = (recorded: Told, again: Told, older: boolean): readonly [Told, Told] => {
  if (!older) return [recorded, again];
  const keys = Object.keys(recorded).filter((key) => recorded[key] !== null);
  const only = (of: Told) => Object.fromEntries(keys.map((key) => [key, of[key]]));
  return [only(recorded), only(again)];
};

const compare = (
  { event, older, id }: Entry,
  again: SessionEvent | undefined,
): FirstDifference | undefined => {
  const about = { eventId: id, type: event.type };
  if (again === undefined)
    return { ...about, what: `${event.type} does not come out again.`, differences: [] };
  if (again.type !== event.type)
    return {
      ...about,
      what: `${again.type} comes out in the place of ${event.type}.`,
      differences: [{ path: 'type', recorded: event.type, recomputed: again.type }],
    };
  const [recorded, recomputed] = comparable(told(event), told(again), older);
  const differences = differencesBetween(recorded, recomputed);
  const [first] = differences;
  if (first === undefined) return undefined;
  const where = checkNamed(event, first.path) ?? first.path;
  const what = `${event.type} comes out otherwise: ${where} was ${first.recorded} and is ${first.recomputed}.`;
  return { ...about, what, differences };
};

/** A check is named by its code rather than by its place. */
const checkNamed = (event: SessionEvent, path: string): string | undefined => {
  if (event.type !== 'RiskAssessed') return undefined;
  const [, place, member] = /^checks\.(\d+)\.(\w+)$/.exec(path) ?? [];
  const check = event.data.checks[Number(place)];
  return check && `${member} of ${check.code}`;
};

const assessedOtherwise = (
  entry: Entry,
  before: SessionState,
  digest: Digest,
): FirstDifference | undefined => {
  const { event, id } = entry;
  if (event.type !== 'RiskAssessed' || before.phase === 'unopened') return undefined;
  const { result, differences } = reExecute(event.data, before, digest);
  if (result === 'equal') return undefined;
  const [first] = differences;
  const where = checkNamed(event, first?.path ?? '') ?? first?.path;
  const what = `The decision comes out otherwise: ${where} was ${first?.recorded} and is ${first?.recomputed}.`;
  return { eventId: id, type: event.type, what, differences };
};

/** More than one command ever leaves behind. */
const mostOfOne = 600;

type Found = {
  readonly before: SessionState;
  readonly previous: Previous | undefined;
  readonly digest: Digest;
};

/** Holds what a command leads to now against what is recorded from there on. */
const heldAgainst = (
  recorded: readonly [Entry, ...Entry[]],
  command: SessionCommand,
  { before, digest }: Found,
): Step => {
  const [{ id: eventId, event }] = recorded;
  const about = { eventId, type: event.type, differences: [] };
  const decision = sessionDecider(digest).decide(command, before);
  if (!decision.ok) {
    const { code, message } = decision.refusal;
    const what = `${event.type} would be refused: ${code}: ${message}`;
    return { covered: 0, difference: { ...about, what } };
  }
  const again = decision.value;
  const count = Math.max(1, again.length);
  for (let n = 0; n < count; n++) {
    const entry = recorded[n];
    const what = `${again[n]?.type} comes out, which is not recorded.`;
    const difference = entry === undefined ? { ...about, what } : compare(entry, again[n]);
    if (difference !== undefined) return { covered: n, difference };
  }
  return { covered: count, difference: undefined };
};

/** How many of the recorded events were decided again, and the first of them that differs. */
const step = (recorded: readonly [Entry, ...Entry[]], found: Found): Step => {
  const [entry, ...rest] = recorded;
  const { event } = entry;
  const otherwise = assessedOtherwise(entry, found.before, found.digest);
  if (otherwise !== undefined) return { covered: 0, difference: otherwise };
  if (event.type === 'RiskAssessed' && event.data.policyVersion !== currentPolicy.version)
    return { covered: 1, difference: undefined };
  let best: Step | undefined;
  for (const command of commandsBehind([event, ...rest.map((each) => each.event)], found)) {
    const held = heldAgainst(recorded, command, found);
    if (held.difference === undefined) return held;
    if (best === undefined || held.covered > best.covered) best = held;
  }
  return best ?? { covered: event.type === 'RiskAssessed' ? 1 : 0, difference: undefined };
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
            ...{ before: state, previous, digest },
          })
        : { covered: 0, difference: undefined };
    if (difference !== undefined) firstDifference = difference;
    const { type } = (entries[n] as Entry).event;
    if (covered === 0 && firstDifference === null) taken.set(type, (taken.get(type) ?? 0) + 1);
    if (firstDifference === null) decidedAgain += covered;
    for (const entry of entries.slice(n, n + Math.max(1, covered))) {
      if (entry.event.type === 'RiskAssessed') assessments += 1;
      state = evolve(state, entry.event);
      onState(state, entry);
    }
    n += Math.max(1, covered);
  }
  const result = firstDifference === null ? 'equal' : 'different';
  return { result, decidedAgain, taken, assessments, firstDifference };
};
