import type { Digest } from '@sentinel/contracts/kernel';
import type { Cause } from './workflow.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * An id that looks like a UUIDv7 and is the same for the same origin. Its time is that of the cause,
 * so that derived ids sort among the others; the other 74 bits are the origin's digest.
 * @throws RangeError when the cause is a text and not an id
 */
export const derivedId = (
  digest: Digest,
  origin: {
    readonly workflow: string;
    readonly key: string;
    readonly cause: Cause;
    readonly purpose: string;
  },
): string => {
  const { workflow, key, cause, purpose } = origin;
  const hex = digest(JSON.stringify([workflow, key, cause, purpose]));
  const time = timeOf(cause);
  const variant = ((Number.parseInt(hex.slice(3, 4), 16) & 3) | 8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(7, 19)}`;
};

/** Twelve hex digits: milliseconds since 1970. */
const timeOf = (cause: Cause): string => {
  if (typeof cause !== 'string') return cause.epochMilliseconds.toString(16).padStart(12, '0');
  if (!uuid.test(cause)) throw new RangeError(`the cause ${cause} is not an id`);
  return cause.replace('-', '').slice(0, 12);
};
