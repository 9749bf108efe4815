import type { LogPosition, RecordedEvent, WorkflowCheckpoint } from '@sentinel/contracts/kernel';
import { begun, idle, type KeyEntry, noted, type Unsettled } from './key-entry.ts';

/** What stands with every key of a workflow. It reads no clock and runs nothing. */
export type KeyBook = {
  readonly has: (key: string) => boolean;
  /** What stands with the key, also when that is nothing yet. */
  readonly current: (key: string) => KeyEntry;
  readonly put: (key: string, entry: KeyEntry | undefined) => void;
  /** Reads an event, which may concern a key. */
  readonly read: (event: RecordedEvent, key: string | undefined, nowMs: number) => void;
  /** Takes the next key in line to be stepped, with the newest event that called for it. */
  readonly begin: () =>
    | { readonly key: string; readonly cause: RecordedEvent | undefined }
    | undefined;
  readonly seen: () => LogPosition;
  readonly clockKeys: () => number;
  readonly isUnsettled: (key: string) => boolean;
  readonly unsettledKeys: () => number;
  /** As far as all is stepped, and what the clock has to bring back. */
  readonly checkpoint: () => WorkflowCheckpoint;
  /** Since when the oldest event waits that no step has covered. */
  readonly oldestMs: () => number | undefined;
};

export const keyBook = (start: LogPosition): KeyBook => {
  const entries = new Map<string, KeyEntry>();
  const ready = new Set<string>();
  const unsettled = new Set<string>();
  const clock = new Set<string>();
  let seen = start;

  const current = (key: string): KeyEntry => entries.get(key) ?? idle;
  const put = (key: string, entry: KeyEntry | undefined): void => {
    if (entry === undefined) entries.delete(key);
    else entries.set(key, entry);
    keep(ready, key, entry?.state === 'ready');
    keep(unsettled, key, entry?.open !== undefined || entry?.taken !== undefined);
    keep(clock, key, entry?.clock === true);
  };
  const waiting = (): readonly Unsettled[] =>
    [...unsettled].flatMap((key) => {
      const { taken, open } = current(key);
      return [taken, open].filter((each) => each !== undefined);
    });

  return {
    has: (key) => entries.has(key),
    current,
    put,
    read: (event, key, nowMs) => {
      if (key !== undefined)
        put(key, noted(current(key), { before: seen, newest: event, sinceMs: nowMs }));
      seen = event.logPosition;
    },
    begin: () => {
      const next = ready.values().next();
      if (next.done) return undefined;
      const entry = current(next.value);
      put(next.value, begun(entry));
      return { key: next.value, cause: entry.open?.newest };
    },
    seen: () => seen,
    clockKeys: () => clock.size,
    isUnsettled: (key) => unsettled.has(key),
    unsettledKeys: () => unsettled.size,
    checkpoint: () => ({
      logPosition: least(waiting().map(({ before }) => before)) ?? seen,
      keys: [...clock],
    }),
    oldestMs: () => least(waiting().map(({ sinceMs }) => sinceMs)),
  };
};

const keep = (keys: Set<string>, key: string, there: boolean): void => {
  if (there) keys.add(key);
  else keys.delete(key);
};

const least = <Value extends number | bigint>(values: readonly Value[]): Value | undefined =>
  values.reduce<Value | undefined>(
    (least, value) => (least === undefined || value < least ? value : least),
    undefined,
  );
