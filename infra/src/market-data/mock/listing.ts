import type { Ticker } from '@sentinel/contracts/market';
import { noise } from '../noise.ts';
import { type Profile, universe } from './universe.ts';

/** One symbol of the mock market with the seeds of everything that is drawn for it. */
export type Listing = {
  readonly symbol: Ticker;
  readonly profile: Profile;
  readonly seeds: {
    readonly market: number;
    readonly level: number;
    readonly range: number;
    readonly minutes: number;
    readonly volume: number;
    readonly sizes: number;
  };
};

/**
 * One to five letters and an optional class behind a dot: what an American exchange would list. With a
 * dash it would be another instrument beside the one that is meant.
 */
const plausible = /^[A-Z]{1,5}(\.[A-Z]{1,2})?$/;

/** Even on a logarithmic scale between the two bounds. */
const between = (low: number, high: number, draw: number): number => low * (high / low) ** draw;

const invented = (symbol: Ticker, seed: number): Profile => ({
  name: symbol,
  sector: null,
  price: between(8, 500, noise.uniform(seed, 1)),
  volume: Math.round(between(2e5, 2e7, noise.uniform(seed, 2))),
  beta: between(0.5, 1.5, noise.uniform(seed, 3)),
  sigma: between(0.006, 0.025, noise.uniform(seed, 4)),
});

/** The listing of a symbol; undefined for what could not be a US ticker. */
export const listingOf = (seed: number, symbol: Ticker): Listing | undefined => {
  if (!plausible.test(symbol)) return undefined;
  const own = (purpose: string) => noise.seed(seed, `${symbol} ${purpose}`);
  return {
    symbol,
    profile: universe.get(symbol) ?? invented(symbol, own('profile')),
    seeds: {
      market: noise.seed(seed, 'the whole market'),
      level: own('level'),
      range: own('range'),
      minutes: own('minutes'),
      volume: own('volume'),
      sizes: own('sizes'),
    },
  };
};
