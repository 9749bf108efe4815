import { momentum, momentumParameters } from './momentum.ts';
import type { StrategyDefinition } from './strategy.ts';

/** Bars for a regime: EMA(200) and the Hurst exponent's 250, and some to settle. */
const regimeBars = 300;

/**
 * Every strategy that there is; another is one more entry. momentum_v1 looks at daily bars: its
 * 2.5 % volatility gate, its EMA(200) trend and its Hurst window mean something on days, every
 * provider has them, and a scan at any hour sees the same completed bar that the regime saw.
 */
export const strategies = {
  momentum_v1: {
    id: 'momentum_v1',
    name: 'Momentum breakout',
    description:
      'Buys a new 20-bar high on 1.5 times the usual volume when EMA(20) is above EMA(50) and RSI(14) is from 55 to 80; stop at the bar low or 2 ATR, target at twice the risk.',
    family: 'momentum',
    timeframe: '1Day',
    historyBars: regimeBars,
    parameters: momentumParameters,
    evaluate: (bars, classification) => momentum(bars, classification),
  },
} as const satisfies Readonly<Record<string, StrategyDefinition>>;
