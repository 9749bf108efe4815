import type { BarSeries, Ticker, Timeframe } from '@sentinel/contracts/market';
import {
  bollingerWidth,
  ema,
  hurst,
  rsi,
  sessionVwap,
  wilderAdx,
  wilderAtr,
} from '@sentinel/services/market';
import { classify } from '@sentinel/services/regime';
import { sessionClock, strategies } from '@sentinel/services/strategy';
import { median } from './rounds.ts';
import { atMost, say, type Verdict } from './verdict.ts';

const symbols = 500;
const barsEach = 500;
const rounds = 5;
const minuteMs = 60_000;
const begin = Date.UTC(2026, 0, 5, 14, 30);

/** One walk in cents for each symbol and timeframe, the same on every run. */
const walk = (symbol: number, timeframe: Timeframe): BarSeries => {
  let word = symbol * 7 + (timeframe === '1Day' ? 1 : 2);
  const draw = (below: number): number => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return word % below;
  };
  const column = () => new Float64Array(barsEach);
  const [start, open, high, low, close, volume] = [
    column(),
    column(),
    column(),
    column(),
    column(),
    column(),
  ];
  const step = timeframe === '1Day' ? 24 * 60 * minuteMs : 5 * minuteMs;
  let last = 10_000;
  for (let i = 0; i < barsEach; i++) {
    start[i] = begin + i * step;
    open[i] = last / 100;
    last = Math.max(1_000, last + draw(121) - 60);
    close[i] = last / 100;
    high[i] = Math.max(open[i] as number, close[i] as number) + draw(40) / 100;
    low[i] = Math.min(open[i] as number, close[i] as number) - draw(40) / 100;
    volume[i] = 100_000 + draw(900_000);
  }
  const name = `S${symbol}` as Ticker;
  return { symbol: name, timeframe, start, open, high, low, close, volume };
};

/** The indicators alone: what no scan can do without. */
const kernels = (bars: BarSeries): number => {
  const { key: session } = sessionClock(bars.start);
  return (
    (rsi(bars.close).at(-1) as number) +
    (wilderAtr(bars).at(-1) as number) +
    (wilderAdx(bars).at(-1) as number) +
    (bollingerWidth(bars.close).at(-1) as number) +
    (ema(bars.close, 20).at(-1) as number) +
    (ema(bars.close, 50).at(-1) as number) +
    (ema(bars.close, 200).at(-1) as number) +
    (sessionVwap({ ...bars, session }).at(-1) as number) +
    hurst(bars.close)
  );
};

const scan = (daily: BarSeries, intraday: BarSeries): number => {
  let signals = 0;
  const byTimeframe = new Map([daily, intraday].map((bars) => [bars.timeframe, bars]));
  const regimes = new Map(
    [daily, intraday].map((bars) => [
      bars.timeframe,
      classify({ bars, context: null, minutesSinceOpen: 60, withModel: false }),
    ]),
  );
  const clocks = new Map(
    [daily, intraday].map((bars) => [bars.timeframe, sessionClock(bars.start)]),
  );
  for (const { timeframe, evaluate } of Object.values(strategies)) {
    const [bars, classification, clock] = [
      byTimeframe.get(timeframe),
      regimes.get(timeframe),
      clocks.get(timeframe),
    ];
    if (bars === undefined || classification === undefined || clock === undefined) continue;
    const { draft } = evaluate({ bars, classification, clock, averageDailyVolume: null });
    if (draft !== null) signals += 1;
  }
  return signals;
};

const timed = (run: () => void): number => {
  const before = performance.now();
  run();
  return performance.now() - before;
};

/** Six strategies with their regimes over the kernels of the same bars, in turns. */
export const measureScan = (): readonly Verdict[] => {
  const daily = Array.from({ length: symbols }, (_, n) => walk(n, '1Day'));
  const intraday = Array.from({ length: symbols }, (_, n) => walk(n, '5Min'));
  let kept = 0;
  const times = Array.from({ length: rounds + 1 }, () => {
    const bare = timed(() => {
      for (const bars of [...daily, ...intraday]) kept += kernels(bars);
    });
    const whole = timed(() => {
      for (let n = 0; n < symbols; n++)
        kept += scan(daily[n] as BarSeries, intraday[n] as BarSeries);
    });
    return { bare, whole };
  }).slice(1);
  if (!Number.isFinite(kept)) throw new Error('a kernel measured nothing');
  const [bare, whole] = [median(times.map((t) => t.bare)), median(times.map((t) => t.whole))];
  say(
    `scan of ${symbols} symbols by six strategies: ${whole.toFixed(0)} ms, bare kernels ${bare.toFixed(0)} ms`,
  );
  return [atMost(2.5, 'scan with regimes over the bare kernels on the same bars', whole / bare)];
};
