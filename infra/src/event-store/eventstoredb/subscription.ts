import { setTimeout as sleep } from 'node:timers/promises';
import {
  beforeAll,
  EventStoreCorrupt,
  EventStoreUnavailable,
  type LogPosition,
  type RecordedEvent,
  type SubscriptionPage,
} from '@sentinel/contracts/kernel';
import { followPageSize } from '../follow-log.ts';
import type { LogClient, LogFeed } from './log-client.ts';
import { portError, retrying } from './retrying.ts';
import { type StreamNames, storedEvent } from './stored-event.ts';

type SubscriptionOptions = {
  readonly client: LogClient;
  readonly names: StreamNames;
  readonly lastPosition: () => Promise<LogPosition>;
  readonly onSeen: (position: bigint) => void;
};

/** Pauses between subscriptions that ended one after another without bringing anything. */
const pausesMs = [20, 100, 400, 1_000, 2_000, 4_000];

/**
 * Follows the log over as many subscriptions as it takes: each begins behind what the last one brought,
 * whatever ended it. The server's own word that it has caught up is not used, since it comes at other
 * times with other versions: whoever has come to where the log ended at the start has.
 */
export async function* followServer(
  { client, names, lastPosition, onSeen }: SubscriptionOptions,
  after: LogPosition,
  signal: AbortSignal,
): AsyncGenerator<SubscriptionPage, void, void> {
  const end = signal.aborted ? after : await lastPosition();
  if (signal.aborted) return;
  if (after > end)
    throw new EventStoreCorrupt(`the log ends at position ${end}, before position ${after}`);
  if (after > beforeAll) {
    // From where nothing stands the server sends nothing, and does not say why.
    const read = { from: after, direction: 'forwards', maxCount: 1 } as const;
    const [first] = await retrying(() => client.readAll(read));
    if (first?.position !== after)
      throw new EventStoreCorrupt(`no event of this log stands at position ${after}`);
  }
  let at: bigint = after < beforeAll ? beforeAll : after;
  let saidCaughtUp = at >= end;
  if (saidCaughtUp) yield { events: [], caughtUp: true };
  for (let failures = 0; !signal.aborted; ) {
    let feed: LogFeed | undefined;
    const close = () => feed?.close();
    signal.addEventListener('abort', close);
    try {
      feed = await client.subscribe(at);
      while (!signal.aborted) {
        const items = await feed.take(followPageSize);
        if (items === undefined || signal.aborted) return;
        failures = 0;
        const events: RecordedEvent[] = [];
        for (const item of items) {
          at = item.kind === 'event' ? item.event.position : item.position;
          const stream = item.kind === 'event' ? names.ours(item.event) : undefined;
          if (item.kind === 'event' && stream !== undefined)
            events.push(storedEvent(item.event, stream));
        }
        onSeen(at);
        const caughtUp = at >= end && items.length < followPageSize;
        if (events.length > 0 || (caughtUp && !saidCaughtUp)) {
          saidCaughtUp ||= caughtUp;
          yield { events, caughtUp };
        }
      }
    } catch (error) {
      const pauseMs = pausesMs[failures];
      if (!(error instanceof EventStoreUnavailable) || pauseMs === undefined)
        throw portError(error);
      failures += 1;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    } finally {
      signal.removeEventListener('abort', close);
      feed?.close();
    }
  }
}
