import { noise } from '../noise.ts';

/** A random walk pinned at both ends: whole steps from `from` to `to`. */
export type Bridge = {
  readonly from: number;
  readonly to: number;
  readonly fromValue: number;
  readonly toValue: number;
  /** Standard deviation of one step. */
  readonly sigma: number;
  readonly seed: number;
};

/**
 * The walk's value at the whole step `at`, found by halving the interval: each midpoint is drawn
 * given its two ends. It costs the logarithm of the length, and no state.
 */
export const bridgeAt = (bridge: Bridge, at: number): number => {
  let { from: left, to: right, fromValue: leftValue, toValue: rightValue } = bridge;
  if (at <= left) return leftValue;
  while (at < right) {
    if (right - left === 1) return leftValue;
    const middle = (left + right) >> 1;
    const share = (middle - left) / (right - left);
    const deviation = bridge.sigma * Math.sqrt(share * (right - middle));
    const value =
      leftValue + (rightValue - leftValue) * share + deviation * noise.normal(bridge.seed, middle);
    if (at >= middle) {
      left = middle;
      leftValue = value;
    } else {
      right = middle;
      rightValue = value;
    }
    if (at === middle) return value;
  }
  return rightValue;
};
