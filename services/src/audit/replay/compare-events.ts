import type { EventId } from '@sentinel/contracts/kernel';
import type { SessionEvent } from '../../execution/index.ts';
import { withoutProse } from '../../risk/index.ts';
import { type Difference, differencesBetween } from '../differences.ts';

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

type Told = Readonly<Record<string, unknown>>;

/** An event without its sentences, which may be worded better one day, and without what is not recorded. */
const told = ({ type, data }: SessionEvent): Told => {
  const { message: _, reason: __, ...rest } = data as Told;
  if (type === 'RiskAssessed') return { ...rest, checks: data.checks.map(withoutProse) };
  // Of what met a bar without trading only the bar's start is kept.
  return type === 'OrderPartiallyFilled' || type === 'OrderFilled' ? rest : { ...rest, bar: null };
};

/** Members that came without a new version: absent in what was written before. */
const cameLater: ReadonlySet<string> = new Set(['closedLosses']);

/** Members that an older form did not have are null by its upcaster. */
const comparable = (recorded: Told, again: Told, older: boolean): readonly [Told, Told] => {
  const said = (key: string) =>
    older ? (recorded[key] ?? null) !== null : key in recorded || !cameLater.has(key);
  const only = (of: Told) => Object.fromEntries(Object.entries(of).filter(([key]) => said(key)));
  return [only(recorded), only(again)];
};

/** How a recorded event differs from what comes out in its place; undefined when it does not. */
export const compare = (
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
export const checkNamed = (event: SessionEvent, path: string): string | undefined => {
  if (event.type !== 'RiskAssessed') return undefined;
  const [, place, member] = /^checks\.(\d+)\.(\w+)$/.exec(path) ?? [];
  const check = event.data.checks[Number(place)];
  return check && `${member} of ${check.code}`;
};
