import { events as catalogue } from '@sentinel/contracts';
import { sessionEvents } from '@sentinel/contracts/execution';
import { lifecycleEvents } from '@sentinel/contracts/governance';
import {
  decodeEvent,
  type EventId,
  type EventOf,
  EventStoreCorrupt,
  type RecordedEvent,
} from '@sentinel/contracts/kernel';
import { regimeEvents } from '@sentinel/contracts/regime';
import { controlEvents } from '@sentinel/contracts/risk';

/** What a self-assessment counts; every other type is read no further than its name. */
const counted = { ...sessionEvents, ...controlEvents, ...lifecycleEvents, ...regimeEvents };
type Counted = EventOf<typeof counted>;

/** An event of the period, as it was recorded and as it is understood. */
export type Seen = { readonly event: Counted; readonly recorded: RecordedEvent };
export type Unread = {
  readonly what: string;
  readonly count: number;
  readonly first_event_id: EventId | null;
};

/** Every event with its meaning, and apart from them those that this program cannot read, by type. */
export const understood = (
  recorded: readonly RecordedEvent[],
): { readonly seen: readonly Seen[]; readonly unread: readonly Unread[] } => {
  const seen: Seen[] = [];
  const failed = new Map<string, Unread>();
  const cannotRead = ({ type, id }: RecordedEvent): void => {
    const what = `events of type ${type.slice(0, 60)}`;
    const { count, first_event_id: first } = failed.get(type) ?? { count: 0, first_event_id: id };
    failed.set(type, { what, count: count + 1, first_event_id: first });
  };
  for (const each of recorded) {
    if (!Object.hasOwn(catalogue, each.type)) cannotRead(each);
    else if (Object.hasOwn(counted, each.type))
      try {
        seen.push({ event: decodeEvent(counted, each), recorded: each });
      } catch (error) {
        if (!(error instanceof EventStoreCorrupt)) throw error;
        cannotRead(each);
      }
  }
  return { seen, unread: [...failed.values()] };
};

/** How often each name occurs, the most frequent first. */
export const tally = (names: readonly string[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
};

/** To a tenth; null of nothing. */
export const meanOf = (values: readonly number[]): number | null =>
  values.length === 0
    ? null
    : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
