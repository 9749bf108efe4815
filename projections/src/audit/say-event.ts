import { type AnyEvent, events } from '@sentinel/contracts';
import { decodeEvent, type RecordedEvent } from '@sentinel/contracts/kernel';
import { summaryOf } from './summary.ts';

/** What a recorded event says, in one line of at most 200 characters. */
export const sayEvent = (recorded: RecordedEvent): string =>
  summaryOf(decodeEvent(events, recorded) as AnyEvent);
