/** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
const scramble = (value: number): number => {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const hash = (seed: number, index: number): number =>
  scramble(seed ^ scramble((index + 0x9e3779b9) | 0));

/**
 * Chance that remembers: each draw is a pure function of a seed and an index, so that any instant
 * of a market can be asked for in any order, in any process, and answers the same.
 */
export const noise = {
  /** A seed of its own for each purpose. */
  seed: (seed: number, purpose: string): number => {
    let h = scramble(seed | 0);
    for (let i = 0; i < purpose.length; i++) h = hash(h, purpose.charCodeAt(i) + (i << 16));
    return h;
  },
  /** Even in [0, 1). */
  uniform: (seed: number, index: number): number => hash(seed, index) / 0x1_0000_0000,
  /** Mean 0, variance 1, nearly normal, and never beyond 3.47: the sum of four even draws. */
  normal: (seed: number, index: number): number => {
    const a = hash(seed, index);
    const b = hash(seed ^ 0x5bd1e995, index);
    const sum = (a & 0xffff) + (a >>> 16) + (b & 0xffff) + (b >>> 16);
    return (sum / 65_536 - 2) * Math.sqrt(3);
  },
} as const;
