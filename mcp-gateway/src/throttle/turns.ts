import { boundedCache, type Timer } from '@sentinel/contracts/kernel';
import { TooMany } from './too-many.ts';

/** Calls that a principal may have begun at once; one more is gained in each such while. */
const most = 16;
const everyMs = 20;
/** That may wait for their turn; each holds a connection. */
const mostWaiting = 64;
const knownLanes = 10_000;

type Lane = {
  /** Calls whose end is told, and has not come. */
  underWay: number;
  /** When all that was begun will have been gained anew. */
  freshAtMs: number;
  /** In the order in which they came. */
  readonly waiting: Set<() => void>;
  wakes: boolean;
};

/** The answer to a call, whose end is the call's. */
export type Answering = {
  /** Whether its caller has gone. */
  readonly destroyed: boolean;
  readonly once: (event: 'close', listener: () => void) => unknown;
  readonly off: (event: 'close', listener: () => void) => unknown;
};

/** Waits for the turn of a call. Answers whether its caller still waits. @throws TooMany */
export type TakeTurn = (name: string, response?: Answering) => Promise<boolean>;

/**
 * Lets one name begin sixteen calls at once, and after that fifty a second, so that others are answered
 * between them. Whoever asks one thing after another never waits. Nothing waits for a call that takes long.
 * Where `response` is not known nobody knows when a call ends, and the pace alone is kept.
 */
export const turns = ({ nowMs, pause }: Timer): TakeTurn => {
  const lanes = boundedCache<string, Lane>(knownLanes);
  const never = new AbortController().signal;

  const laneOf = (name: string): Lane => {
    const found = lanes.get(name);
    if (found !== undefined) return found;
    const made: Lane = { underWay: 0, freshAtMs: 0, waiting: new Set(), wakes: false };
    lanes.set(name, made);
    return made;
  };
  /** Milliseconds until one more may begin; 0 or less while it may. */
  const roomInMs = ({ freshAtMs }: Lane): number => freshAtMs - (most - 1) * everyMs - nowMs();

  const spend = (lane: Lane): void => {
    const now = nowMs();
    // Who asks one thing after another is in no debt that all their later calls would have to wait for.
    lane.freshAtMs = Math.min(Math.max(now, lane.freshAtMs) + everyMs, now + most * everyMs);
  };
  const goOn = (lane: Lane): void => {
    for (const start of lane.waiting) {
      const waitMs = roomInMs(lane);
      if (waitMs > 0) {
        wake(lane, waitMs);
        return;
      }
      start();
    }
  };
  const wake = (lane: Lane, afterMs: number): void => {
    if (lane.wakes) return;
    lane.wakes = true;
    void pause(Math.ceil(afterMs), never).then(() => {
      lane.wakes = false;
      goOn(lane);
    });
  };

  return async (name, response) => {
    if (response?.destroyed === true) return false;
    const lane = laneOf(name);
    if (lane.waiting.size >= mostWaiting)
      throw new TooMany(`${name} has ${mostWaiting} calls that wait for their turn.`, everyMs);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const start = (): void => {
      spend(lane);
      lane.waiting.delete(start);
      response?.off('close', leave);
      response?.once('close', () => lane.underWay--);
      if (response !== undefined) lane.underWay++;
      resolve(true);
    };
    const leave = (): void => {
      lane.waiting.delete(start);
      resolve(false);
    };
    response?.once('close', leave);
    lane.waiting.add(start);
    const isAlone = response !== undefined && lane.underWay === 0 && lane.waiting.size === 1;
    if (isAlone) start();
    else goOn(lane);
    return promise;
  };
};
