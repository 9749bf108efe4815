import type { RecordedEvent } from '@sentinel/contracts/kernel';
import { isExpected } from '../expected-version.ts';
import { recordedEvent } from '../recorded-event.ts';
import type { PendingAppend } from './append-queue.ts';

export type PlannedAppend = {
  readonly append: PendingAppend;
  readonly events: readonly RecordedEvent[];
};

export type BatchPlan = {
  /** What can be written, with its places in stream and log. */
  readonly written: readonly PlannedAppend[];
  /** What the stream's version forbids, with that version. */
  readonly refused: readonly { readonly append: PendingAppend; readonly head: bigint }[];
  /** Where each stream of the batch stands when all of `written` is. */
  readonly heads: ReadonlyMap<string, bigint>;
};

type Start = {
  readonly nextPosition: bigint;
  readonly recordedAt: Temporal.Instant;
  readonly headOf: (stream: string) => bigint;
};

/** Gives every append of a batch its place, one after the other, as if each had been written alone. */
export const planBatch = (batch: readonly PendingAppend[], start: Start): BatchPlan => {
  const heads = new Map<string, bigint>();
  const written: PlannedAppend[] = [];
  const refused: { append: PendingAppend; head: bigint }[] = [];
  let logPosition = start.nextPosition;
  for (const append of batch) {
    const { stream, expected, events } = append.request;
    const head = heads.get(stream) ?? start.headOf(stream);
    if (!isExpected(expected, head)) {
      refused.push({ append, head });
      continue;
    }
    const placed = events.map((event, index) => {
      const offset = BigInt(index);
      const place = {
        stream,
        version: head + 1n + offset,
        logPosition: logPosition + offset,
        recordedAt: start.recordedAt,
      };
      return recordedEvent(event, place);
    });
    written.push({ append, events: placed });
    heads.set(stream, head + BigInt(events.length));
    logPosition += BigInt(events.length);
  }
  return { written, refused, heads };
};
