import {
  beforeAll,
  type LogPosition,
  type RecordedEvent,
  type SubscriptionPage,
} from '@sentinel/contracts/kernel';
import type { WakeUp } from './wake-up.ts';

export const followPageSize = 1_000;

export type FollowedLog = {
  /**
   * Up to `followPageSize` events behind `after` that this process has at hand, or undefined when it
   * cannot tell from memory.
   */
  readonly recent: (after: LogPosition) => readonly RecordedEvent[] | undefined;
  /** The same from the store itself. */
  readonly read: (after: LogPosition) => Promise<readonly RecordedEvent[]>;
  readonly wakeUp: WakeUp;
  /** How long to rely on being woken before asking the store itself. */
  readonly pollMs: number;
};

/**
 * Catches up, then follows. Memory is only a shortcut: an empty answer from it is slept on, and after
 * `pollMs` the store is asked, so an event whose append ended unclear, or that another process wrote,
 * is found as well.
 */
export async function* followLog(
  log: FollowedLog,
  after: LogPosition,
  signal: AbortSignal,
): AsyncGenerator<SubscriptionPage, void, void> {
  let logPosition = after < beforeAll ? beforeAll : after;
  let saidCaughtUp = false;
  let askStore = true;
  while (!signal.aborted) {
    const fromMemory = askStore ? undefined : log.recent(logPosition);
    const events = fromMemory ?? (await log.read(logPosition));
    if (signal.aborted) return;
    const last = events.at(-1);
    if (last === undefined) {
      if (!saidCaughtUp) yield { events, caughtUp: true };
      saidCaughtUp = true;
      askStore = await sleptThrough(log, logPosition, signal);
      continue;
    }
    logPosition = last.logPosition;
    const caughtUp = events.length < followPageSize;
    saidCaughtUp ||= caughtUp;
    askStore = false;
    yield { events, caughtUp };
  }
}

/** True when nothing came to hand in time and the store must be asked. */
const sleptThrough = async (
  log: FollowedLog,
  logPosition: LogPosition,
  signal: AbortSignal,
): Promise<boolean> => {
  // What came in while the last page was under way has rung already.
  if ((log.recent(logPosition)?.length ?? 0) > 0) return false;
  await log.wakeUp.wait(log.pollMs, signal);
  return (log.recent(logPosition)?.length ?? 0) === 0;
};
