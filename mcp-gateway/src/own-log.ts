import type { EventStore, LogPosition, StreamVersion } from '@sentinel/contracts/kernel';
import { derivedFrom, markDerivedFrom } from '@sentinel/infra/postgres';
import { StartupError } from '@sentinel/infra/runtime';
import { controlStream } from '@sentinel/services/risk';

type OwnLog = {
  readonly eventStore: Pick<EventStore, 'readStream' | 'lastPosition'>;
  /** The database with what is derived. */
  readonly connectionString: string;
  /** Whether the log stands elsewhere. */
  readonly isServer: boolean;
};

const firstOf = async ({ eventStore }: OwnLog) => {
  const [first] = await eventStore.readStream(controlStream, {
    from: 0n as StreamVersion,
    maxCount: 1,
  });
  return first && { eventId: first.id };
};

const wayOut = ({ isServer }: OwnLog): string =>
  isServer
    ? 'Set EVENTSTORE_URL and EVENTSTORE_STREAM_PREFIX to that log again, or name a SENTINEL_DATA_DIR, or a DATABASE_URL, that is empty: all that stands there but log-ins is built anew from the log.'
    : 'If the log has moved to EventStoreDB, set EVENTSTORE_URL again, or bring it back by npm run migrate-log -- --from eventstore --to postgres.';

/**
 * Views and checkpoints say up to where of a log they have come: of another log, or of one that was put back to
 * an earlier day, they would mislead without a word. @throws StartupError
 */
export const requireOwnLog = async (own: OwnLog): Promise<void> => {
  const { mark, farthest } = await derivedFrom(own.connectionString);
  const first = await firstOf(own);
  const end: LogPosition = await own.eventStore.lastPosition();
  const isOther = mark !== undefined && first?.eventId !== mark.eventId;
  if (!isOther && farthest <= end) return;
  const why = isOther
    ? 'are of another log than this one'
    : `have come to position ${farthest}, and this log ends at ${end}`;
  throw new StartupError(`The views in this database ${why}. ${wayOut(own)}`, {
    code: 'views-of-other-log',
  });
};

/** From here on what is derived in the database is of this log. */
export const keepOwnLog = async (own: OwnLog): Promise<void> => {
  const first = await firstOf(own);
  if (first !== undefined) await markDerivedFrom(own.connectionString, first);
};
