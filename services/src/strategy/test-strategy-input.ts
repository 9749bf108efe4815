import { quantity } from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import type { Classification, RegimeLabel } from '@sentinel/contracts/regime';
import { strategyFamilies } from '../regime/index.ts';
import { sessionClock } from './session-clock.ts';
import type { StrategyInput } from './strategy.ts';

/** A regime that suits every strategy, or none. */
export const regimeOf = (
  label: RegimeLabel = 'trending_bull',
  compatible = true,
): Classification => ({
  label,
  confidence: 0.8,
  tradeability: 0.8,
  compatibility: Object.fromEntries(
    strategyFamilies.map((family) => [family, { compatible, score: compatible ? 0.9 : 0 }]),
  ),
  metrics: {
    bars: 300,
    close: 100,
    atrPct: 1,
    adx: 30,
    ema50: null,
    ema200: null,
    volumeRatio: null,
    bollingerWidth: null,
    hurst: null,
    efficiency: null,
    contextMovePct: null,
    minutesSinceOpen: null,
    hmm: null,
  },
  reasoning: [],
});

export const inputOf = (bars: BarSeries, rest: Partial<StrategyInput> = {}): StrategyInput => ({
  bars,
  classification: regimeOf(),
  clock: sessionClock(bars.start),
  averageDailyVolume: quantity.fromShares(5_000_000),
  ...rest,
});
