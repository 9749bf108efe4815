import { randomFillSync } from 'node:crypto';
import type { NewId } from '@sentinel/contracts/kernel';

const counterLimit = 0x1000;

type IdSource = {
  /** Milliseconds since 1970. It may stand still or jump back: the ids still grow. */
  readonly nowMs: () => number;
  readonly fillRandom: (bytes: Uint8Array) => void;
};

/** Chance is drawn from the system a page at a time: a draw costs more than the bytes it brings. */
const pooledRandom = (): IdSource['fillRandom'] => {
  const pool = new Uint8Array(4_096);
  let used = pool.length;
  return (bytes) => {
    if (used + bytes.length > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    bytes.set(pool.subarray(used, used + bytes.length));
    used += bytes.length;
  };
};

const system: IdSource = {
  nowMs: () => Temporal.Now.instant().epochMilliseconds,
  fillRandom: pooledRandom(),
};

/**
 * Makes UUIDv7 texts, each greater than the one before (RFC 9562, 6.2, method 1): the twelve bits
 * behind the time count within a millisecond from a random start, and borrow the next one when full.
 */
export const monotonicIds = ({ nowMs, fillRandom }: IdSource = system): NewId => {
  const bytes = Buffer.alloc(10);
  let lastMs = -1;
  let counter = 0;
  return () => {
    fillRandom(bytes);
    const ms = nowMs();
    counter += 1;
    if (ms > lastMs || counter === counterLimit) {
      lastMs = Math.max(ms, lastMs + 1);
      counter = ((bytes[8] ?? 0) << 3) | ((bytes[9] ?? 0) & 7);
    }
    const time = lastMs.toString(16).padStart(12, '0');
    bytes[0] = 0x80 | ((bytes[0] ?? 0) & 0x3f);
    const rest = bytes.toString('hex', 0, 8);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${rest.slice(0, 4)}-${rest.slice(4)}`;
  };
};

export const newId: NewId = monotonicIds();
