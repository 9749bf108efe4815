import {
  bollingerWidth,
  ema,
  rsi,
  sessionVwap,
  wilderAdx,
  wilderAtr,
} from '@sentinel/services/market';
import { ADX, ATR, BollingerBands, EMA, RSI, VWAP } from 'technicalindicators';
import { median } from './rounds.ts';
import { atLeast, say, type Verdict } from './verdict.ts';

const rounds = 14;
/** The first rounds measure the compiler. */
const warmUps = 5;
const count = 200_000;
const nanosecondsPerMs = 1e6;

/** Bars of a walk in cents, the same on every run. */
const walk = () => {
  let word = 42;
  const draw = (below: number): number => {
    word = (Math.imul(word, 1_664_525) + 1_013_904_223) >>> 0;
    return word % below;
  };
  const columns = ['high', 'low', 'close', 'volume'].map(() => new Float64Array(count));
  const [high, low, close, volume] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let last = 100_000;
  for (let i = 0; i < count; i++) {
    last = Math.max(10_000, last + draw(201) - 100);
    close[i] = last / 100;
    high[i] = (last + draw(100)) / 100;
    low[i] = (last - draw(100)) / 100;
    volume[i] = 1 + draw(10_000);
  }
  return { high, low, close, volume };
};

const timed = (run: () => unknown): number => {
  const before = performance.now();
  run();
  return ((performance.now() - before) * nanosecondsPerMs) / count;
};

/** Each kernel against `technicalindicators` on the same bars, in turns; both without their first rounds. */
export const measureKernels = (): readonly Verdict[] => {
  const bars = walk();
  const lists = {
    high: [...bars.high],
    low: [...bars.low],
    close: [...bars.close],
    volume: [...bars.volume],
  };
  const values = lists.close;
  const session = new Int32Array(count);
  const pairs = [
    ['RSI(14)', () => rsi(bars.close), () => RSI.calculate({ values, period: 14 })],
    ['ATR(14)', () => wilderAtr(bars), () => ATR.calculate({ ...lists, period: 14 })],
    ['ADX(14)', () => wilderAdx(bars), () => ADX.calculate({ ...lists, period: 14 })],
    ['EMA(20)', () => ema(bars.close, 20), () => EMA.calculate({ values, period: 20 })],
    [
      'Bollinger(20, 2)',
      () => bollingerWidth(bars.close),
      () => BollingerBands.calculate({ values, period: 20, stdDev: 2 }),
    ],
    ['VWAP', () => sessionVwap({ ...bars, session }), () => VWAP.calculate(lists)],
  ] as const;
  return pairs.map(([name, own, theirs]) => {
    const times = Array.from({ length: rounds }, () => [timed(own), timed(theirs)] as const).slice(
      warmUps,
    );
    const [ours, library] = [0, 1].map((side) => median(times.map((each) => each[side] ?? 0)));
    say(`${name}: ${ours?.toFixed(1)} ns a bar, technicalindicators ${library?.toFixed(0)}`);
    return atLeast(8, `${name}: technicalindicators' time over ours`, (library ?? 0) / (ours ?? 1));
  });
};
