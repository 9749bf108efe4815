import { atrSwing, atrSwingParameters } from './atr-swing.ts';
import { emaTrend, emaTrendParameters } from './ema-trend.ts';
import { momentum, momentumParameters } from './momentum.ts';
import { orb, orbParameters } from './orb.ts';
import { rsiMeanReversion, rsiMeanReversionParameters } from './rsi-mean-reversion.ts';
import type { StrategyDefinition } from './strategy.ts';
import { vwapReclaim, vwapReclaimParameters } from './vwap-reclaim.ts';

/**
 * Bars for a regime: EMA(200) and the Hurst exponent's 250, and some to settle. In five minutes they
 * hold a whole day of a market that never closes, so that a session is never cut at its beginning.
 */
const regimeBars = 300;

const daily = { timeframe: '1Day', historyBars: regimeBars, needsDailyVolume: false } as const;
const intraday = { timeframe: '5Min', historyBars: regimeBars, needsDailyVolume: false } as const;

/**
 * Every type of strategy, each with the strategy that the house brings of it; another is one more
 * entry. Those that people make of them stand in the log. momentum_v1 looks at daily bars: its
 * 2.5 % volatility gate, its EMA(200) trend and its Hurst window mean something on days, every
 * provider has them, and a scan at any hour sees the same completed bar that the regime saw.
 */
export const strategies = {
  momentum_v1: {
    ...daily,
    id: 'momentum_v1',
    policyVersion: 'momentum-1',
    name: 'Momentum breakout',
    description:
      'Buys a new 20-bar high on 1.5 times the usual volume when EMA(20) is above EMA(50) and RSI(14) is from 55 to 80; stop at the bar low or 2 ATR, target at twice the risk.',
    family: 'momentum',
    parameters: momentumParameters,
    evaluate: (input, own?) => momentum(input, { ...momentumParameters, ...own }),
  },
  vwap_reclaim_v1: {
    ...intraday,
    id: 'vwap_reclaim_v1',
    policyVersion: 'vwap-reclaim-1',
    name: 'VWAP reclaim',
    description:
      'Buys a close back above the session VWAP, after one below it within 5 bars, on 1.2 times the usual volume and RSI(14) from 50 to 70; stop under the dip, target at 1.5 times the risk or the highest high.',
    family: 'vwap',
    parameters: vwapReclaimParameters,
    evaluate: (input, own?) => vwapReclaim(input, { ...vwapReclaimParameters, ...own }),
  },
  ema_trend_v1: {
    ...intraday,
    id: 'ema_trend_v1',
    policyVersion: 'ema-trend-1',
    name: 'EMA trend',
    description:
      'Buys or sells when EMA(8), EMA(21) and EMA(50) stand in order, ADX(14) is at least 20 and the price came back to EMA(21) within 4 bars; stop behind EMA(50), target at 2.5 times the risk.',
    family: 'ema',
    parameters: emaTrendParameters,
    evaluate: (input, own?) => emaTrend(input, { ...emaTrendParameters, ...own }),
  },
  rsi_mean_reversion_v1: {
    ...intraday,
    needsDailyVolume: true,
    id: 'rsi_mean_reversion_v1',
    policyVersion: 'rsi-mean-reversion-1',
    name: 'RSI mean reversion',
    description:
      'Buys when RSI(14) rises above 35 after 30 or less within 10 bars, ADX(14) is at most 20, the price is within 2 % of the session VWAP and a million shares trade a day; stop under the low, target at twice the risk or the VWAP.',
    family: 'rsi',
    parameters: rsiMeanReversionParameters,
    evaluate: (input, own?) => rsiMeanReversion(input, { ...rsiMeanReversionParameters, ...own }),
  },
  atr_swing_v1: {
    ...daily,
    id: 'atr_swing_v1',
    policyVersion: 'atr-swing-1',
    name: 'ATR swing',
    description:
      'Rejoins a daily trend by EMA(50) after a swing of 1.5 ATR against it within 3 days, when the close breaks the high (in a bear regime, the low) of the day before; stop 2 ATR behind, target 4 ATR ahead.',
    family: 'atr',
    parameters: atrSwingParameters,
    evaluate: (input, own?) => atrSwing(input, { ...atrSwingParameters, ...own }),
  },
  orb_v1: {
    ...intraday,
    id: 'orb_v1',
    policyVersion: 'orb-1',
    name: 'Opening range breakout',
    description:
      'From 09:45 to 11:00 New York, trades a close outside the range of 09:30 to 09:45 on twice its volume, when the session opened within 2 % of the last close; stop in the middle of the range, target two widths on.',
    family: 'orb',
    parameters: orbParameters,
    evaluate: (input, own?) => orb(input, { ...orbParameters, ...own }),
  },
} as const satisfies Readonly<Record<string, StrategyDefinition>>;

/** Every rule that ever found something: one that another version replaces stays here as it was. */
const rules: readonly StrategyDefinition[] = Object.values(strategies);

/** The rule of this version; undefined for one of a newer Sentinel. */
export const strategyPolicyOf = (policyVersion: string): StrategyDefinition | undefined =>
  rules.find((rule) => rule.policyVersion === policyVersion);
