import type { BarSeries, Ticker, Timeframe } from '@sentinel/contracts/market';

/** What a test says of one bar; the rest follows from the close. */
export type TestBar = {
  readonly close: number;
  readonly open?: number;
  readonly high?: number;
  readonly low?: number;
  readonly volume?: number;
};

const dayMs = 86_400_000;

/** Bars for tests, a day or five minutes apart; without more said each opens at the last close. */
export const testBars = (
  bars: readonly (TestBar | number)[],
  options: {
    readonly symbol?: string;
    readonly timeframe?: Timeframe;
    readonly endMs?: number;
  } = {},
): BarSeries => {
  const { symbol = 'NVDA', timeframe = '1Day', endMs = Date.UTC(2026, 2, 2, 5) } = options;
  const step = timeframe === '1Day' ? dayMs : 300_000;
  const given = bars.map((bar) => (typeof bar === 'number' ? { close: bar } : bar));
  const whole = given.map((bar: TestBar, i) => {
    const open = bar.open ?? given[i - 1]?.close ?? bar.close;
    return {
      open,
      close: bar.close,
      high: bar.high ?? Math.max(open, bar.close),
      low: bar.low ?? Math.min(open, bar.close),
      volume: bar.volume ?? 1_000_000,
    };
  });
  return {
    symbol: symbol as Ticker,
    timeframe,
    start: Float64Array.from(whole, (_, i) => endMs - (whole.length - 1 - i) * step),
    open: Float64Array.from(whole, (bar) => bar.open),
    high: Float64Array.from(whole, (bar) => bar.high),
    low: Float64Array.from(whole, (bar) => bar.low),
    close: Float64Array.from(whole, (bar) => bar.close),
    volume: Float64Array.from(whole, (bar) => bar.volume),
  };
};
