import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bollinger, ema, rsi, wilderAdx, wilderAtr } from './index.ts';

type Golden = {
  readonly dataSha256: string;
  readonly rows: number;
  readonly series: Readonly<Record<string, string>>;
};
const golden = JSON.parse(
  readFileSync(new URL('./test-kit/golden.json', import.meta.url), 'utf8'),
) as Golden;
const text = readFileSync(
  new URL('../../../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url),
  'utf8',
);
const rows = text
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number));
const column = (index: number) => Float64Array.from(rows, (row) => row[index] ?? Number.NaN);
const bars = { high: column(2), low: column(3), close: column(4) };

const goldenSeries = (name: string): Float64Array => {
  const bytes = Buffer.from(golden.series[name] ?? '', 'base64');
  return new Float64Array(new Uint8Array(bytes).buffer);
};

/** Largest difference over all bars, relative where values are large; a NaN on one side is infinite. */
const differenceFrom = (theirs: Float64Array, own: Float64Array): number =>
  own.reduce((worst, value, i) => {
    const other = theirs[i] ?? Number.NaN;
    if (Number.isNaN(value) && Number.isNaN(other)) return worst;
    const off = Math.abs(value - other) / Math.max(1, Math.abs(other));
    return Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(worst, off);
  }, 0);

describe('on every bar of 20 years of the S&P 500', () => {
  test('the golden series were made of the data that is installed', () => {
    expect(createHash('sha256').update(text).digest('hex')).toBe(golden.dataSha256);
    expect(bars.close).toHaveLength(golden.rows);
    expect(goldenSeries('rsi14').filter((value) => !Number.isNaN(value))).toHaveLength(
      golden.rows - 14,
    );
  });

  const bands = bollinger(bars.close);
  test.each([
    ['rsi14', rsi(bars.close, 14)],
    ['atr14', wilderAtr(bars, 14)],
    ['adx14', wilderAdx(bars, 14)],
    ['ema20', ema(bars.close, 20)],
    ['ema50', ema(bars.close, 50)],
    ['upper20', bands.upper],
    ['middle20', bands.middle],
    ['lower20', bands.lower],
  ])('%s is that of TA-Lib within 1e-9', (name, own) => {
    expect(differenceFrom(goldenSeries(name), own)).toBeLessThan(1e-9);
  });

  test('a series of another period is not', () => {
    expect(differenceFrom(goldenSeries('rsi14'), rsi(bars.close, 13))).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(
      differenceFrom(
        goldenSeries('ema20'),
        ema(bars.close, 20).map((v) => v * (1 + 1e-8)),
      ),
    ).toBeGreaterThan(1e-9);
  });
});
