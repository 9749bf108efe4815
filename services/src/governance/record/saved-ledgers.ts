import {
  type EventId,
  type EventStore,
  type StreamName,
  type StreamVersion,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { SnapshotOptions } from '../../kernel/index.ts';
import { emptyLedger, type Ledger, type Piece } from './ledger.ts';
import type { SessionReader } from './session-record.ts';

/** The event by which a saved ledger is known to be of this log. */
type Closing = {
  readonly stream: StreamName;
  readonly version: StreamVersion;
  readonly eventId: EventId;
};
type Frame = Pick<Ledger, 'before'> & { readonly closing: Closing };

const dayNumber = (date: TradingDate): bigint =>
  BigInt(Temporal.PlainDate.from('1970-01-01').until(Temporal.PlainDate.from(date)).days);

const streamOf = (account: string): StreamName => streamName('ledger', account);

/** Ledgers beside the other snapshots: derived, and read from the log anew where they are gone. */
export const savedLedgers = ({
  eventStore,
  read,
  snapshots,
}: {
  readonly eventStore: Pick<EventStore, 'readStream'>;
  readonly read: SessionReader;
  readonly snapshots: SnapshotOptions | undefined;
}) => ({
  /** The ledger of an account as it was saved; an empty one where there is none that the log bears out. */
  restored: async (account: string): Promise<Ledger> => {
    const stream = streamOf(account);
    const saved = await snapshots?.store.load(stream).catch((error: unknown) => {
      snapshots.onProblem(stream, error);
      return undefined;
    });
    if (saved === undefined) return emptyLedger;
    const [frame, ...pieces] = saved.parts as readonly [Frame, ...Piece[]];
    const { closing, before } = frame;
    const [last] = await eventStore.readStream(closing.stream, {
      from: closing.version,
      maxCount: 1,
    });
    // Of another log, or of one that was put back to an earlier day.
    return last?.id === closing.eventId ? { before, pieces } : emptyLedger;
  },
  save: async (account: string, { before, pieces }: Ledger): Promise<void> => {
    const session = pieces.at(-1)?.sessions.at(-1);
    if (snapshots === undefined || session === undefined) return;
    const stream = streamOf(account);
    try {
      const { closing } = await read(session);
      // Struck off without having closed: a later one that has is saved with it.
      if (closing === undefined) return;
      const { version, id: eventId, logPosition } = closing;
      const frame: Frame = { before, closing: { stream: session.stream, version, eventId } };
      // Its place is the date of its last session, which only grows.
      const place = { version: dayNumber(session.date) as StreamVersion, logPosition, eventId };
      await snapshots.store.save(stream, place, [frame, ...pieces]);
    } catch (error) {
      snapshots.onProblem(stream, error);
    }
  },
});
