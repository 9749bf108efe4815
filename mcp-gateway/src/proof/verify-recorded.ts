import {
  canonicalJson,
  type EventId,
  EventStoreCorrupt,
  type RecordedEvent,
} from '@sentinel/contracts/kernel';
import { verifyExported } from './verify-exported.ts';

/** Verifies one yes by events of the log, as by exported ones. Answers why it is not proved, or undefined. */
export const verifyRecorded = async (
  events: readonly RecordedEvent[],
  eventId: EventId,
): Promise<string | undefined> => {
  const exported = events.map(({ id, type, schemaVersion, data }) => ({
    ...{ id, type, schemaVersion, data: canonicalJson(data) },
  }));
  try {
    const verdict = await verifyExported(exported, { eventId });
    return verdict.is === 'proved' ? undefined : verdict.why;
  } catch (error) {
    if (error instanceof EventStoreCorrupt) return 'What was recorded of it cannot be read.';
    throw error;
  }
};
