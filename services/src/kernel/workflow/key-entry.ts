import type { LogPosition, RecordedEvent } from '@sentinel/contracts/kernel';

/** Events of one key that no step has covered, as far as has to be known of them. */
export type Unsettled = {
  /** Where the log stood before the first of them: the checkpoint may come so far and no further. */
  readonly before: LogPosition;
  readonly newest: RecordedEvent;
  readonly sinceMs: number;
};

/** What stands with one key of a workflow. */
export type KeyEntry = {
  /** In line, being stepped, gathering, until the clock or an event calls, or until it is tried again. */
  readonly state: 'ready' | 'stepping' | 'gathering' | 'waiting' | 'failing';
  /** What came since the last step began. */
  readonly open: Unsettled | undefined;
  /** What the step under way covers. */
  readonly taken: Unsettled | undefined;
  /** The clock has to bring it back, whatever happens to this process. */
  readonly clock: boolean;
  /** Somebody called while it was being stepped, or gathers. */
  readonly called: boolean;
  /** In a row. */
  readonly failures: number;
};

/** Nothing stands with the key. */
export const idle: KeyEntry = {
  state: 'waiting',
  open: undefined,
  taken: undefined,
  clock: false,
  called: false,
  failures: 0,
};

/** A key to look at without an event. */
export const watched = (entry: KeyEntry): KeyEntry => called({ ...entry, clock: true });

/** An event came. A key that fails keeps its pause: it would only fail faster. */
export const noted = (entry: KeyEntry, came: Unsettled): KeyEntry =>
  called({ ...entry, open: { ...(entry.open ?? came), newest: came.newest } });

/** Somebody calls for it, by the clock or before. */
export const called = (entry: KeyEntry): KeyEntry => {
  if (entry.state === 'waiting') return { ...entry, state: 'ready' };
  const isHeld = entry.state === 'stepping' || entry.state === 'gathering';
  return isHeld ? { ...entry, called: true } : entry;
};

export const retried = (entry: KeyEntry): KeyEntry => ({ ...entry, state: 'ready' });

export const begun = (entry: KeyEntry): KeyEntry => ({
  ...entry,
  state: 'stepping',
  taken: entry.open,
  open: undefined,
  called: false,
});

/** A step has succeeded; `clock` says that it is to be called again. Undefined when nothing remains. */
export const settled = (entry: KeyEntry, clock: boolean): KeyEntry | undefined => {
  const more = entry.open !== undefined || (entry.called && clock);
  if (!more && !clock) return undefined;
  return { ...idle, state: more ? 'ready' : 'waiting', open: entry.open, clock };
};

/** What comes next takes what comes in this moment together. */
export const gathering = (entry: KeyEntry = idle): KeyEntry => ({
  ...entry,
  state: 'gathering',
  called: entry.state === 'ready',
});

/** The moment is over. Undefined when nothing remains. */
export const gathered = (entry: KeyEntry): KeyEntry | undefined => {
  if (entry.called) return { ...entry, state: 'ready', called: false };
  return entry.clock ? { ...entry, state: 'waiting' } : undefined;
};

/** A step has failed: what it was to cover is open again. */
export const failed = (entry: KeyEntry): KeyEntry => ({
  ...entry,
  state: 'failing',
  open: entry.taken && { ...entry.taken, newest: (entry.open ?? entry.taken).newest },
  taken: undefined,
  called: false,
  failures: entry.failures + 1,
});
