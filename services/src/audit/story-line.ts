import type { EventId } from '@sentinel/contracts/kernel';
import type { SessionEvent } from '../execution/index.ts';

/** A sentence of an explanation, with the event on which it rests. */
export type Line = { readonly text: string; readonly event_id: EventId };

/** An event of a story, with its id. */
export type Told = { readonly id: EventId; readonly event: SessionEvent };
