/**
 * Fifth and ninety-fifth percentile of `hurst` on a random walk, by the number of closes: 20,000
 * Gaussian walks each, made by test-kit/make-hurst-null.mjs. Only beyond them is an estimate a finding.
 */
const table: readonly (readonly [closes: number, low: number, high: number])[] = [
  [250, 0.4195, 0.569],
  [375, 0.4348, 0.557],
  [512, 0.4445, 0.5497],
  [750, 0.4548, 0.5408],
  [1000, 0.461, 0.5359],
  [1500, 0.4686, 0.5294],
  [2000, 0.4729, 0.5253],
];

export type HurstBand = { readonly low: number; readonly high: number };

const inverseRoot = (closes: number): number => 1 / Math.sqrt(closes);

/**
 * The 90 % band of a random walk of so many closes, between the rows of the table by the root of their
 * number, as its width goes. Undefined below 250 closes; beyond 2,000 the last row stands, which is
 * the more cautious.
 */
export const hurstBand = (closes: number): HurstBand | undefined => {
  const upper = table.findIndex(([size]) => size >= closes);
  const [firstSize] = table[0] as (typeof table)[number];
  if (closes < firstSize) return undefined;
  const to = table[upper === -1 ? table.length - 1 : upper] as (typeof table)[number];
  const from = table[Math.max(0, (upper === -1 ? table.length - 1 : upper) - 1)] as typeof to;
  if (upper === -1 || to[0] === closes || from === to) return { low: to[1], high: to[2] };
  const share =
    (inverseRoot(closes) - inverseRoot(from[0])) / (inverseRoot(to[0]) - inverseRoot(from[0]));
  return {
    low: from[1] + share * (to[1] - from[1]),
    high: from[2] + share * (to[2] - from[2]),
  };
};
