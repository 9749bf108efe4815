import type { Classification, RegimeLabel } from '@sentinel/contracts/regime';

/** What the strategies of one kind have in common: which regimes suit them. */
export const strategyFamilies = ['momentum', 'vwap', 'ema', 'rsi', 'atr', 'orb'] as const;
export type StrategyFamily = (typeof strategyFamilies)[number];

/** How well each family does in each regime, 0 to 1, in the order of `strategyFamilies`. */
const table: Readonly<
  Record<RegimeLabel, readonly [number, number, number, number, number, number]>
> = {
  trending_bull: [0.9, 0.7, 0.9, 0.3, 0.7, 0.6],
  trending_bear: [0.3, 0.4, 0.8, 0.4, 0.8, 0.3],
  mean_reverting: [0.2, 0.8, 0.2, 0.9, 0.3, 0.1],
  high_vol_unstable: [0.1, 0.1, 0.2, 0.1, 0.2, 0.1],
  low_liquidity: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
  risk_off: [0.2, 0.2, 0.2, 0.2, 0.2, 0.1],
  opening_noise: [0.2, 0.3, 0.1, 0.2, 0.1, 0.6],
  unknown: [0.3, 0.3, 0.3, 0.3, 0.3, 0.3],
};

type Fit = { readonly supported: readonly RegimeLabel[]; readonly anti: readonly RegimeLabel[] };

const fits: Readonly<Record<StrategyFamily, Fit>> = {
  momentum: {
    supported: ['trending_bull'],
    anti: ['high_vol_unstable', 'mean_reverting', 'low_liquidity', 'risk_off', 'opening_noise'],
  },
  vwap: {
    supported: ['mean_reverting', 'trending_bull'],
    anti: ['high_vol_unstable', 'low_liquidity'],
  },
  ema: {
    supported: ['trending_bull', 'trending_bear'],
    anti: ['mean_reverting', 'high_vol_unstable'],
  },
  rsi: { supported: ['mean_reverting'], anti: ['trending_bear', 'high_vol_unstable', 'risk_off'] },
  atr: {
    supported: ['trending_bull', 'trending_bear'],
    anti: ['high_vol_unstable', 'low_liquidity'],
  },
  orb: { supported: ['opening_noise', 'trending_bull'], anti: ['high_vol_unstable', 'risk_off'] },
};

const leastSupported = 0.1;
const leastCompatible = 0.4;
const unsupportedShare = 0.7;

/**
 * Whether each family may trade in a regime, and how well it fits, 0 to 1. A regime that it is built
 * for always fits, one that it is not made for never; in between the table decides, at a discount.
 */
export const compatibilityIn = (label: RegimeLabel): Classification['compatibility'] =>
  Object.fromEntries(
    strategyFamilies.map((family, column) => {
      const score = table[label][column] ?? 0;
      const { supported, anti } = fits[family];
      if (anti.includes(label)) return [family, { compatible: false, score: 0 }];
      if (supported.includes(label))
        return [family, { compatible: true, score: Math.max(leastSupported, score) }];
      return [family, { compatible: score >= leastCompatible, score: score * unsupportedShare }];
    }),
  );
