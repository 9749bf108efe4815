import {
  boundedCache,
  type EventMetadata,
  type EventStore,
  type StreamName,
  type WindDownId,
} from '@sentinel/contracts/kernel';
import { pagesAround } from '../../kernel/index.ts';

/** Wishes whose beginning is remembered. */
const mostKnown = 1_000;

type Beginning = Pick<EventMetadata, 'correlationId' | 'causationId' | 'traceparent'>;

/** What the house writes down for a wish in a session: in its own name, and led by whoever asked for it. */
export type LedBy = (
  of: { readonly stream: StreamName; readonly windDownId: WindDownId },
  metadata: EventMetadata,
) => Promise<EventMetadata>;

/**
 * Leads from a wish to all that is done for it: the same correlation and trace, with the event of the wish as
 * what caused it. A session's fold knows no metadata, so that the event is looked up in its stream, once.
 */
export const ledBy = (eventStore: Pick<EventStore, 'readStream'>): LedBy => {
  const known = boundedCache<string, Beginning>(mostKnown);
  const beginningOf = async (
    stream: StreamName,
    windDownId: WindDownId,
  ): Promise<Beginning | undefined> => {
    for await (const page of pagesAround(eventStore, stream, windDownId))
      for (const { id, type, data, metadata } of page) {
        if (type !== 'WindDownRequested') continue;
        if ((data as { readonly windDownId?: unknown }).windDownId !== windDownId) continue;
        const { correlationId, traceparent } = metadata;
        const isTraced = traceparent !== undefined;
        return { correlationId, causationId: id, ...(isTraced && { traceparent }) };
      }
    return undefined;
  };
  return async ({ stream, windDownId }, metadata) => {
    const key = `${stream} ${windDownId}`;
    const beginning = known.get(key) ?? (await beginningOf(stream, windDownId));
    if (beginning === undefined) return metadata;
    known.set(key, beginning);
    return { ...metadata, ...beginning };
  };
};
