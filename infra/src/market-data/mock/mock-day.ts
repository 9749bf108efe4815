import { exchangeDays } from '@sentinel/contracts/market';
import { noise } from '../noise.ts';
import { bridgeAt } from './brownian-bridge.ts';
import type { Listing } from './listing.ts';

/** One day of one symbol. Prices in cents; the two extremes are touched at the ends of whole minutes. */
export type MockDay = {
  readonly day: number;
  readonly startMs: number;
  /** 1,440, or 60 fewer or more when the clocks change. */
  readonly minutes: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly highAt: number;
  readonly lowAt: number;
  readonly volume: number;
  /** Standard deviation of the day's move, as a fraction. */
  readonly sigma: number;
};

/** Days between the pins of the long walk. Short, so that no price ever strays far from its anchor. */
const blockDays = 128;
const pinSigma = 0.03;
const marketSigma = 0.007;
const leastCents = 200;

const walkAt = (seed: number, sigma: number, day: number): number => {
  const from = Math.floor(day / blockDays) * blockDays;
  const pin = (at: number) => pinSigma * noise.normal(seed ^ 0x2545f491, at);
  return bridgeAt(
    {
      from,
      to: from + blockDays,
      fromValue: pin(from),
      toValue: pin(from + blockDays),
      sigma,
      seed,
    },
    day,
  );
};

const closeCents = ({ profile, seeds }: Listing, day: number): number => {
  const move =
    profile.beta * walkAt(seeds.market, marketSigma, day) + walkAt(seeds.level, profile.sigma, day);
  return Math.max(leastCents, Math.round(profile.price * Math.exp(move) * 100));
};

/** A day that moved far was traded more: `moved` counts in standard deviations of a day. */
const volumeOf = ({ profile, seeds }: Listing, day: number, moved: number): number =>
  Math.round(
    profile.volume * Math.exp(0.25 * noise.normal(seeds.volume, day) + 0.3 * (moved - 0.8)),
  );

/**
 * The day in full, at the price of two look-ups in the walk: the market never closes, so that a day
 * opens where the last one closed, and its high and low are drawn, not searched for.
 */
export const mockDay = (listing: Listing, day: number): MockDay => {
  const startMs = exchangeDays.startOf(day);
  const minutes = (exchangeDays.startOf(day + 1) - startMs) / 60_000;
  const sigma = Math.hypot(listing.profile.beta * marketSigma, listing.profile.sigma);
  const open = closeCents(listing, day - 1);
  const close = closeCents(listing, day);
  const draw = (which: number) => noise.uniform(listing.seeds.range ^ which, day);
  // A random walk's range is twice its mean absolute move; the wicks make up the other half.
  const wick = (which: number) => Math.round(0.8 * sigma * open * draw(which));
  const highAt = 1 + Math.floor(draw(3) * (minutes - 1));
  const lowAt = 1 + Math.floor(draw(4) * (minutes - 1));
  return {
    day,
    startMs,
    minutes,
    open,
    high: Math.max(open, close) + wick(1),
    low: Math.max(leastCents / 2, Math.min(open, close) - wick(2)),
    close,
    highAt,
    lowAt: lowAt !== highAt ? lowAt : lowAt === 1 ? 2 : lowAt - 1,
    volume: volumeOf(listing, day, Math.abs(close - open) / open / sigma),
    sigma,
  };
};
