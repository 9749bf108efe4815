import type { Digest } from '@sentinel/contracts/kernel';

const timeDigits = 12;

/**
 * An id reckoned from what caused it, so that doing a thing twice gives it one id: a UUIDv7 with bits
 * of a digest in the place of chance, and the time of `at`, or none where the cause has none.
 */
export const idFrom = (digest: Digest, cause: string, at?: Temporal.Instant): string => {
  const time = (at?.epochMilliseconds ?? 0).toString(16).padStart(timeDigits, '0');
  const bits = digest(cause);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits.slice(0, 3)}-8${bits.slice(3, 6)}-${bits.slice(6, 18)}`;
};
