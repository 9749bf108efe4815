const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const scramble = (word: number): number =>
  Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);

/**
 * MurmurHash3 (x86, 32 bits) of a row of 32-bit words, which count as four little-endian bytes each.
 * Answers an unsigned 32-bit integer. Source: the reference implementation in SMHasher, public domain.
 */
export const murmur3 = (words: readonly number[], seed: number): number => {
  let hash = seed | 0;
  for (const word of words) {
    hash = (Math.imul(rotateLeft(hash ^ scramble(word), 13), 5) + 0xe6546b64) | 0;
  }
  hash ^= words.length * 4;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** Both halves of a safe integer, so that numbers beyond 32 bits do not fall together. */
const wordsOf = (value: number): readonly number[] => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
  return [value | 0, Math.floor(value / 2 ** 32) | 0];
};

/**
 * Chance without state: the same seed and salts always give the same number, at least 0 and below 1,
 * in steps of 2^-32. Neighbouring salts give independent numbers. All must be safe integers; throws
 * RangeError otherwise.
 */
export const chance = (seed: number, ...salts: readonly number[]): number =>
  murmur3([seed, ...salts].flatMap(wordsOf), 0) / 2 ** 32;
