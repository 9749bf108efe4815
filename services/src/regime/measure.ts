import { type BarSeries, lastBars } from '@sentinel/contracts/market';
import type { RegimeMetrics } from '@sentinel/contracts/regime';
import {
  bollingerWidth,
  efficiency,
  ema,
  hurst,
  volumeRatio,
  wilderAdx,
  wilderAtr,
} from '../market/index.ts';
import { contextMovePct } from './context-move.ts';

/** What a classification is made from. */
export type RegimeInput = {
  /** Completed bars of the symbol. */
  readonly bars: BarSeries;
  /** Completed bars of the whole market; null when they could not be had. */
  readonly context: BarSeries | null;
  /** Minutes since the session opened, by the market's clock; null where it never closes. */
  readonly minutesSinceOpen: number | null;
  /** Whether to fit the hidden Markov model too, which costs ten times all the rest. */
  readonly withModel: boolean;
};

/** What the steps of the waterfall read. */
export type WaterfallMetrics = Omit<RegimeMetrics, 'hmm'>;

/**
 * The waterfall looks at no more bars, however many the model is given, so that the label does not
 * depend on who asks: enough for EMA(200) and Hurst's 250, and some to settle.
 */
const waterfallBars = 300;

/** What could not be measured is null, so that nothing takes it for nought. */
const measured = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

export const measureWaterfall = (input: Omit<RegimeInput, 'withModel'>): WaterfallMetrics => {
  const { context, minutesSinceOpen } = input;
  const bars = lastBars(input.bars, waterfallBars);
  const { close, volume } = bars;
  const last = close.at(-1);
  const atr = wilderAtr(bars).at(-1);
  return {
    bars: close.length,
    close: measured(last),
    atrPct: measured(atr === undefined || last === undefined ? undefined : (atr / last) * 100),
    adx: measured(wilderAdx(bars).at(-1)),
    ema50: measured(ema(close, 50).at(-1)),
    ema200: measured(ema(close, 200).at(-1)),
    volumeRatio: measured(volumeRatio(volume)),
    bollingerWidth: measured(bollingerWidth(close).at(-1)),
    hurst: measured(hurst(close)),
    efficiency: measured(efficiency(close)),
    contextMovePct: measured(contextMovePct(context, bars)),
    minutesSinceOpen,
  };
};
