const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

const scramble = (word: number): number =>
  Math.imul(rotateLeft(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593);

const mix = (hash: number, word: number): number =>
  (Math.imul(rotateLeft(hash ^ scramble(word), 13), 5) + 0xe6546b64) | 0;

const bytesPerWord = 4;

const finish = (mixed: number, words: number): number => {
  let hash = mixed ^ (words * bytesPerWord);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/**
 * MurmurHash3 (x86, 32 bits) of a row of 32-bit words, which count as four little-endian bytes each.
 * Answers an unsigned 32-bit integer. Source: the reference implementation in SMHasher, public domain.
 */
export const murmur3 = (words: readonly number[], seed: number): number =>
  finish(words.reduce(mix, seed | 0), words.length);

/** Mixes in both halves of a safe integer, so that numbers beyond 32 bits do not fall together. */
const mixWhole = (hash: number, value: number): number => {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer: ${value}`);
  return mix(mix(hash, value | 0), Math.floor(value / 2 ** 32) | 0);
};

/**
 * Chance without state: the same seed and salts always give the same number, at least 0 and below 1,
 * in steps of 2^-32. Neighbouring salts give independent numbers. All must be safe integers; throws
 * RangeError otherwise.
 */
export const chance = (seed: number, ...salts: readonly number[]): number => {
  let hash = mixWhole(0, seed);
  for (const salt of salts) hash = mixWhole(hash, salt);
  return finish(hash, 2 * (salts.length + 1)) / 2 ** 32;
};
