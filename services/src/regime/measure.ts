import type { BarSeries } from '@sentinel/contracts/market';
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
};

/** What could not be measured is null, so that nothing takes it for nought. */
const measured = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

export const measureRegime = ({ bars, context, minutesSinceOpen }: RegimeInput): RegimeMetrics => {
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
