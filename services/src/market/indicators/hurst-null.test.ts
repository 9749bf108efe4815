import { describe, expect, test } from 'vitest';
import { hurst } from './hurst.ts';
import { hurstBand } from './hurst-null.ts';
import { fractionalWalk, gaussian, randomWalk } from './test-walks.ts';

/** Local Whittle estimate of the Hurst exponent, by a search over the lowest frequencies. */
const whittle = (closes: Float64Array): number => {
  const steps = Array.from(closes.subarray(1), (close, i) =>
    Math.log(close / (closes[i] as number)),
  );
  const frequencies = Math.floor(steps.length ** 0.65);
  const spectrum = Array.from({ length: frequencies }, (_, j) => {
    const omega = (2 * Math.PI * (j + 1)) / steps.length;
    let [re, im] = [0, 0];
    steps.forEach((step, t) => {
      re += step * Math.cos(omega * t);
      im += step * Math.sin(omega * t);
    });
    return { omega, power: re * re + im * im };
  });
  const loss = (h: number): number => {
    const level =
      spectrum.reduce((sum, { omega, power }) => sum + power * omega ** (2 * h - 1), 0) /
      frequencies;
    const logs = spectrum.reduce((sum, { omega }) => sum + Math.log(omega), 0) / frequencies;
    return Math.log(level) - (2 * h - 1) * logs;
  };
  let best = 0.01;
  for (let h = 0.01; h < 1; h += 0.005) if (loss(h) < loss(best)) best = h;
  return best;
};

describe('the Hurst exponent', () => {
  test.each([0.3, 0.5, 0.7])('of fractional Brownian motion of %d is found', (h) => {
    const draw = gaussian(Math.round(h * 100));
    const found = Array.from({ length: 60 }, () => hurst(fractionalWalk(400, h, draw)));
    const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
    const error = Math.sqrt(found.reduce((sum, v) => sum + (v - h) ** 2, 0) / found.length);
    expect(Math.abs(mean - h)).toBeLessThan(0.025);
    expect(error).toBeLessThan(0.07);
  });

  test('agrees with a Whittle estimate on which of three is which', () => {
    const walks = [0.3, 0.5, 0.7].map((h) => fractionalWalk(800, h, gaussian(7)));
    const [own, theirs] = [walks.map(hurst), walks.map(whittle)];
    own.forEach((value, i) => {
      expect(Math.abs(value - (theirs[i] as number))).toBeLessThan(0.15);
    });
  });
});

describe('its band on a random walk', () => {
  test('holds nine of ten walks, drawn anew', () => {
    for (const closes of [250, 400, 512]) {
      const draw = gaussian(closes + 1);
      const band = hurstBand(closes) ?? { low: 0, high: 0 };
      const walks = 1_500;
      const inside = Array.from({ length: walks }, () => hurst(randomWalk(closes, draw))).filter(
        (value) => value >= band.low && value <= band.high,
      ).length;
      // Four standard errors of a share of nine tenths.
      expect(Math.abs(inside / walks - 0.9)).toBeLessThan(4 * Math.sqrt(0.09 / walks));
    }
  });

  test('narrows as closes come, and is not told below 250', () => {
    expect(hurstBand(249)).toBeUndefined();
    const lows = [250, 300, 375, 500, 512, 2_000].map((closes) => hurstBand(closes)?.low ?? 0);
    expect(lows).toEqual([...lows].sort((a, b) => a - b));
    expect(hurstBand(5_000)).toEqual(hurstBand(2_000));
  });
});
