import { noise } from '../noise.ts';
import { bridgeAt } from './brownian-bridge.ts';
import type { Listing } from './listing.ts';
import type { MockDay } from './mock-day.ts';

/** The minutes of one day, exact against its daily bar. */
export type MockMinutes = {
  readonly of: MockDay;
  /** Price in cents at the end of minute `minute`, from 0 (the open) to `of.minutes` (the close). */
  readonly priceAt: (minute: number) => number;
  /** Shares traded before the end of minute `minute`; the day's volume at the last. */
  readonly volumeBefore: (minute: number) => number;
};

/** Turns a value that strays beyond a bound back by as much as it went too far. */
const foldInto = (low: number, high: number, value: number): number => {
  const folded = value > high ? 2 * high - value : value < low ? 2 * low - value : value;
  return Math.min(high, Math.max(low, folded));
};

const legsOf = (day: MockDay) => {
  const highFirst = day.highAt < day.lowAt;
  const first = highFirst ? { at: day.highAt, value: day.high } : { at: day.lowAt, value: day.low };
  const second = highFirst
    ? { at: day.lowAt, value: day.low }
    : { at: day.highAt, value: day.high };
  return [
    { at: 0, value: day.open },
    first,
    second,
    { at: day.minutes, value: day.close },
  ] as const;
};

/**
 * Walks from the open over both extremes to the close, never beyond them: so minute bars, quotes
 * and the daily bar agree to the cent and the share.
 */
export const mockMinutes = (listing: Listing, day: MockDay): MockMinutes => {
  const seed = noise.seed(listing.seeds.minutes, String(day.day));
  const sigma = (day.sigma * day.open) / Math.sqrt(day.minutes);
  const [open, first, second, close] = legsOf(day);
  // Cents by minute, 0 where nothing was computed yet: no price is 0.
  const known = new Int32Array(day.minutes + 1);

  const compute = (minute: number): number => {
    const [from, to] =
      minute <= first.at ? [open, first] : minute <= second.at ? [first, second] : [second, close];
    const bridge = {
      from: from.at,
      to: to.at,
      fromValue: from.value,
      toValue: to.value,
      sigma,
      seed,
    };
    return Math.round(foldInto(day.low, day.high, bridgeAt(bridge, minute)));
  };

  return {
    of: day,
    priceAt: (minute) => {
      const remembered = known[minute];
      if (remembered !== undefined && remembered !== 0) return remembered;
      const cents = compute(minute);
      known[minute] = cents;
      return cents;
    },
    volumeBefore: (minute) => {
      if (minute <= 0) return 0;
      if (minute >= day.minutes) return day.volume;
      // The jitter is under one minute, so the running total never falls.
      const jittered = minute + noise.uniform(seed ^ 0x68bc21eb, minute);
      return Math.floor((day.volume * jittered) / day.minutes);
    },
  };
};
