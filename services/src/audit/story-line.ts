import type { EventId, LogPosition } from '@sentinel/contracts/kernel';
import type { SessionEvent } from '../execution/index.ts';

/** A sentence of an explanation, with the event on which it rests. */
export type Line = { readonly text: string; readonly event_id: EventId };

/** An event of a story, where it stands, and who brought it about. */
export type Told = {
  readonly id: EventId;
  readonly position: LogPosition;
  /** The session: its date. */
  readonly date: string;
  readonly by: string;
  readonly event: SessionEvent;
};
