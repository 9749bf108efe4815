import {
  boundedCache,
  canonicalJson,
  type Digest,
  decodeEvent,
  type EventId,
  type EventMetadata,
  type EventStore,
  encodeEvent,
  type NewId,
  type RecordedEvent,
  type Sha256,
  type StreamName,
  streamName,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  barWindowSchema,
  evidenceEvents,
  toBarWindow,
} from '@sentinel/contracts/market';

const evidenceStream = (digest: Sha256): StreamName => streamName('evidence', digest);

/** The digest by which a window of bars is named. */
export const digestOfBars = (bars: BarSeries, digest: Digest): Sha256 =>
  digest(canonicalJson(barWindowSchema.encode(toBarWindow(bars))));

/** Keeps large inputs once each, so that an event can name them by digest. */
export type EvidenceLocker = {
  /** Records the bars unless they stand there already. @throws what the event store throws */
  readonly keep: (bars: BarSeries, metadata: EventMetadata) => Promise<Sha256>;
};

/** How many digests are remembered as kept, and so cost no round trip. */
const rememberedDigests = 10_000;

export const evidenceLocker = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly digest: Digest;
}): EvidenceLocker => {
  const kept = boundedCache<Sha256, true>(rememberedDigests);
  return {
    keep: async (bars, metadata) => {
      const digest = digestOfBars(bars, options.digest);
      if (kept.get(digest)) return digest;
      const event = encodeEvent(evidenceEvents, {
        type: 'EvidenceRecorded',
        data: { digest, kind: 'bars', content: toBarWindow(bars) },
      });
      try {
        await options.eventStore.appendToStream(
          evidenceStream(digest),
          [{ id: options.newId() as EventId, ...event, metadata }],
          'no-stream',
        );
      } catch (error) {
        // Somebody kept the same bars first: content-addressed, so it is the same evidence.
        if (!(error instanceof WrongExpectedVersion)) throw error;
      }
      kept.set(digest, true);
      return digest;
    },
  };
};

/** Evidence by digest, with the event that holds it; undefined when it was never recorded. */
export const findEvidence = async (eventStore: EventStore, digest: Sha256) => {
  const [recorded]: readonly (RecordedEvent | undefined)[] = await eventStore.readStream(
    evidenceStream(digest),
    {
      maxCount: 1,
    },
  );
  if (recorded === undefined) return undefined;
  const { data } = decodeEvent(evidenceEvents, recorded);
  return { eventId: recorded.id, content: data.content };
};
