/** Seeded uniform numbers from 0 to 1 (mulberry32, public domain), for tests and makers of tables. */
const uniform = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Standard normal numbers by Box and Muller. */
export const gaussian = (seed: number) => {
  const next = uniform(seed);
  return (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
};

/** Closes of a geometric random walk, whose Hurst exponent is one half. */
export const randomWalk = (count: number, draw: () => number, sigma = 0.01): Float64Array => {
  let log = Math.log(100);
  return Float64Array.from({ length: count }, () => {
    log += sigma * draw();
    return Math.exp(log);
  });
};

/**
 * Closes whose logarithms are fractional Brownian motion of Hurst exponent `h`, exactly, by Cholesky's
 * factor of the covariance of its increments (Hosking's recursion).
 */
export const fractionalWalk = (count: number, h: number, draw: () => number): Float64Array => {
  const covariance = (lag: number): number =>
    (Math.abs(lag + 1) ** (2 * h) - 2 * Math.abs(lag) ** (2 * h) + Math.abs(lag - 1) ** (2 * h)) /
    2;
  const noise = new Float64Array(count);
  let weights = new Float64Array(0);
  let variance = 1;
  noise[0] = draw();
  for (let n = 1; n < count; n++) {
    let reflection = covariance(n);
    for (let i = 0; i < n - 1; i++) reflection -= (weights[i] as number) * covariance(n - 1 - i);
    reflection /= variance;
    const next = new Float64Array(n);
    for (let i = 0; i < n - 1; i++)
      next[i] = (weights[i] as number) - reflection * (weights[n - 2 - i] as number);
    next[n - 1] = reflection;
    weights = next;
    variance *= 1 - reflection * reflection;
    let mean = 0;
    for (let i = 0; i < n; i++) mean += (weights[i] as number) * (noise[n - 1 - i] as number);
    noise[n] = mean + Math.sqrt(variance) * draw();
  }
  let log = Math.log(100);
  return noise.map((value) => {
    log += 0.01 * value;
    return Math.exp(log);
  });
};
