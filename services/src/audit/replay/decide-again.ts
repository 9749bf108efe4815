import type { Digest } from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import {
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  sessionDecider,
} from '../../execution/index.ts';
import { currentPolicy } from '../../risk/index.ts';
import { reExecute } from '../re-execute.ts';
import { commandsBehind, type Previous } from './command-behind.ts';
import { checkNamed, compare, type Entry, type FirstDifference } from './compare-events.ts';

export type Step = {
  /** How many of the recorded events came out again. */
  readonly covered: number;
  readonly difference: FirstDifference | undefined;
  /** What led to them; undefined where too little is recorded. */
  readonly command?: SessionCommand | undefined;
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

export type Found = {
  readonly before: SessionState;
  /** The event before these; undefined at the beginning. */
  readonly last: Entry | undefined;
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
  return { covered: count, difference: undefined, command };
};

const followsFrom = {
  APPROVED: 'OrderSubmitted',
  APPROVAL_REQUIRED: 'OrderProposed',
  DENIED: 'OrderDenied',
} as const satisfies Record<RiskAssessed['outcome'], SessionEvent['type']>;

/** An order needs its decision just before it, and a decision on an order needs that order. */
const unpaired = (
  { id, event }: Entry,
  next: Entry | undefined,
  last: Entry | undefined,
): FirstDifference | undefined => {
  const say = (what: string) => ({ eventId: id, type: event.type, what, differences: [] });
  switch (event.type) {
    case 'RiskAssessed': {
      const { purpose, replaces, outcome, decisionId } = event.data;
      const order = followsFrom[outcome];
      const isFollowed = next?.event.type === order && next.event.data.decisionId === decisionId;
      return purpose === 'preview' || replaces !== undefined || isFollowed
        ? undefined
        : say(`The decision was ${outcome}, and ${order} does not follow.`);
    }
    case 'OrderDenied':
    case 'OrderSubmitted':
    case 'OrderProposed':
    case 'OrderPendingReplace': {
      // To a proposal nobody said yes: its decision stands where it was proposed.
      if (event.type === 'OrderDenied' && event.data.code === 'HUMAN_APPROVAL') return undefined;
      const decided = last?.event.type === 'RiskAssessed' ? last.event.data.decisionId : undefined;
      return decided === event.data.decisionId
        ? undefined
        : say(`${event.type} stands without the decision that leads to it.`);
    }
    default:
      return undefined;
  }
};

/** How many of the recorded events were decided again, and the first of them that differs. */
export const step = (recorded: readonly [Entry, ...Entry[]], found: Found): Step => {
  const [entry, ...rest] = recorded;
  const { event } = entry;
  const alone = entry.older ? undefined : unpaired(entry, rest[0], found.last);
  if (alone !== undefined) return { covered: 0, difference: alone };
  const commands = commandsBehind([event, ...rest.map((each) => each.event)], found);
  if (event.type === 'RiskAssessed' && !isDecidedToday(event.data, commands)) {
    const difference = assessedOtherwise(entry, found.before, found.digest);
    return { covered: difference === undefined ? 1 : 0, difference, command: commands[0] };
  }
  let best: Step | undefined;
  for (const command of commands) {
    const held = heldAgainst(recorded, command, found);
    if (held.difference === undefined) return held;
    if (best === undefined || held.covered > best.covered) best = held;
  }
  // What was written in an older form may have been ruled by what no policy keeps.
  if (best?.covered === 0 && entry.older && best.difference?.differences.length === 0)
    best = undefined;
  return best ?? { covered: 0, difference: undefined };
};

/** A decision of another policy, or of which nothing followed, is made again by itself. */
const isDecidedToday = (
  { policyVersion }: RiskAssessed,
  commands: readonly SessionCommand[],
): boolean => policyVersion === currentPolicy.version && commands.length > 0;
