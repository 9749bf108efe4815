import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreUnavailable, type StreamName } from '@sentinel/contracts/kernel';
import type { EncodedEvent } from '../append-request.ts';
import type { LogClient } from './log-client.ts';
import { proposedEvent, type StreamNames } from './stored-event.ts';

export type Sent =
  | { readonly kind: 'taken'; readonly revision: bigint; readonly position: bigint }
  /** The very ids stood at this version before anything was sent. */
  | { readonly kind: 'stood'; readonly revision: bigint }
  /** The stream is at another version. */
  | { readonly kind: 'wrong' };

export type SendOnce = (append: {
  readonly stream: StreamName;
  readonly events: readonly EncodedEvent[];
  readonly expected: bigint;
}) => Promise<Sent>;

type SendOptions = {
  readonly client: LogClient;
  readonly names: StreamNames;
  /** How long an append whose outcome is not known is sent again. */
  readonly appendMs: number;
  readonly lastSeen: () => bigint;
  readonly onSeen: (position: bigint) => void;
};

const firstPauseMs = 25;
const longestPauseMs = 1_000;

/**
 * Sends an append until it is answered, each time the same ids at the same version: the server then
 * answers the first outcome, whether it had been taken or not. What stands at or before the last
 * position seen until then was there before.
 * @throws EventStoreUnavailable once `appendMs` have passed: whether it took effect is not known
 */
export const sendOnce =
  ({ client, names, appendMs, lastSeen, onSeen }: SendOptions): SendOnce =>
  async ({ stream, events, expected }) => {
    const append = {
      stream: names.onServer(stream),
      events: events.map(proposedEvent),
      expected,
    };
    const seen = lastSeen();
    const endMs = performance.now() + appendMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        const answer = await client.append(append);
        if (answer.kind === 'wrong') return { kind: 'wrong' };
        if (answer.position <= seen) return { kind: 'stood', revision: answer.revision };
        onSeen(answer.position);
        return answer;
      } catch (error) {
        if (!(error instanceof EventStoreUnavailable) || performance.now() + pauseMs > endMs)
          throw error;
        await sleep(pauseMs);
      }
    }
  };
