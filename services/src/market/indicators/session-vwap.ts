import type { HighLowClose } from './column.ts';

/** Bars with their volume, and the exchange session of each: any number that changes with it. */
export type SessionBars = HighLowClose & {
  readonly volume: Float64Array;
  readonly session: Int32Array;
};

/** A division takes several times as long. */
const third = 1 / 3;

/**
 * Volume-weighted average price since the session began, of typical prices (high + low + close) / 3.
 * It begins anew with each session. NaN until something was traded in it.
 */
export const sessionVwapStream = () => {
  let session = Number.NaN;
  let value = 0;
  let shares = 0;
  return {
    next: (bar: {
      readonly high: number;
      readonly low: number;
      readonly close: number;
      readonly volume: number;
      readonly session: number;
    }): number => {
      if (bar.session !== session) {
        session = bar.session;
        value = 0;
        shares = 0;
      }
      value += (bar.high + bar.low + bar.close) * third * bar.volume;
      shares += bar.volume;
      return value / shares;
    },
  };
};

export const sessionVwap = (bars: SessionBars): Float64Array => {
  const { high, low, close, volume, session } = bars;
  const result = new Float64Array(close.length);
  let current = session[0] as number;
  let value = 0;
  let shares = 0;
  for (let i = 0; i < close.length; i++) {
    const key = session[i] as number;
    if (key !== current) {
      current = key;
      value = 0;
      shares = 0;
    }
    const traded = volume[i] as number;
    value += ((high[i] as number) + (low[i] as number) + (close[i] as number)) * third * traded;
    shares += traded;
    // Nothing over nothing is NaN, as it should be.
    result[i] = value / shares;
  }
  return result;
};

/** How far a close lies from the VWAP, in per cent of it. */
export const vwapDeviation = (close: number, vwap: number): number => ((close - vwap) / vwap) * 100;
