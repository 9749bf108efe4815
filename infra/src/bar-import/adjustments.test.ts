import { describe, expect, test } from 'vitest';
import { barsOf, expectedBars, imported, said } from './samples/importing.ts';
import { dailyReference, type ReferenceBar } from './samples/reference.ts';

const days = dailyReference(250);
const times = (price: string, factor: number) => (Number(price) * factor).toFixed(6);
const scaled = (bar: ReferenceBar, factor: number): ReferenceBar => ({
  ...bar,
  open: times(bar.open, factor),
  high: times(bar.high, factor),
  low: times(bar.low, factor),
  close: times(bar.close, factor),
});

/** Raw prices before a split of 4:1 on the hundredth day, and its row of the column. */
const splitDay = 100;
const raw = days.map((bar, i) => (i < splitDay ? scaled(bar, 4) : bar));
/** Payments of 2 % each thirty days; raw prices fall by them, and stay lower. */
const pays = (i: number): boolean => i > 0 && i % 30 === 0;
const share = 0.02;
const paid = (i: number): number => (pays(i) ? 1 : 0) + (i > 0 ? paid(i - 1) : 0);
const fallen = days.map((bar, i) => scaled(bar, (1 - share) ** paid(i)));

const tiingo = (
  bars: readonly ReferenceBar[],
  actions: (i: number) => { readonly split?: number; readonly dividend?: string },
) =>
  [
    'date,open,high,low,close,volume,divCash,splitFactor',
    ...bars.map((bar, i) => {
      const { split = 1, dividend = '0.0' } = actions(i);
      return `${bar.date},${bar.open},${bar.high},${bar.low},${bar.close},${bar.volume},${dividend},${split}`;
    }),
  ].join('\n');

const onlySplit = (i: number) => (i === splitDay ? { split: 4 } : {});

describe('a column of splits', () => {
  test('that the prices still have in them goes into splits.csv', async () => {
    const [outcome] = await imported({ 'AAPL.csv': tiingo(raw, onlySplit) });
    expect([...(outcome?.proven?.splits ?? [])]).toEqual([[`AAPL,${days[splitDay]?.date}`, '4:1']]);
    expect(barsOf(outcome!)).toEqual(expectedBars(raw, 'daily'));
    const closes = [...(outcome?.proven?.verified.stored.history.close ?? [])].map(
      (micros) => micros / 1e6,
    );
    expect(closes).toEqual(days.map(({ close }) => Number(close)));
  });

  test('that the prices are adjusted for needs nothing', async () => {
    const [outcome] = await imported({ 'AAPL.csv': tiingo(days, onlySplit) });
    expect(outcome?.proven?.splits.size).toBe(0);
    expect(said([outcome!])).toContain('prices are adjusted for all 1 splits');
  });

  test('of which some lie in the prices and some do not, or that they contradict, is refused', async () => {
    const twice = (i: number) => (i === splitDay || i === 200 ? { split: 4 } : {});
    const mixed = await imported({ 'AAPL.csv': tiingo(raw, twice) });
    expect(mixed[0]?.proven).toBeUndefined();
    expect(said(mixed)).toContain('the file mixes adjusted and raw prices');
    const other = (i: number) => (i === splitDay ? { split: 9 } : {});
    expect(said(await imported({ 'AAPL.csv': tiingo(raw, other) }))).toContain(
      'says a split of 9:1, and its price steps by',
    );
  });
});

describe('a column of dividends', () => {
  const amount = (bars: readonly ReferenceBar[]) => (i: number) =>
    pays(i) ? { dividend: (Number(bars[i - 1]?.close) * share).toFixed(6) } : {};

  test('that the prices fell by goes into dividends.csv', async () => {
    const [outcome] = await imported({ 'AAPL.csv': tiingo(fallen, amount(fallen)) });
    expect(said([outcome!])).toContain('prices are not adjusted for its 8 dividends');
    expect(outcome?.proven?.dividends.size).toBe(8);
  });

  test('that lies in the prices is paid to nobody again', async () => {
    const [outcome] = await imported({ 'AAPL.csv': tiingo(days, amount(days)) });
    expect(said([outcome!])).toContain('prices are adjusted for its 8 dividends');
    expect(outcome?.proven?.dividends.size).toBe(0);
  });

  test('too small to be seen in the prices is asked about, and taken as told', async () => {
    const tiny = (i: number) => (i === 30 ? { dividend: '0.01' } : {});
    const asked = await imported({ 'AAPL.csv': tiingo(days, tiny) });
    expect(asked[0]?.proven).toBeUndefined();
    expect(said(asked)).toContain('say --dividends in-price or --dividends paid');
    const [told] = await imported({ 'AAPL.csv': tiingo(days, tiny) }, '--dividends', 'paid');
    expect([...(told?.proven?.dividends.values() ?? [])]).toEqual(['0.01']);
  });

  test('before a split that is not in the prices counts for the shares of the last day', async () => {
    const both = (i: number) => ({ ...onlySplit(i), ...(i === 30 ? { dividend: '0.4' } : {}) });
    const [told] = await imported({ 'AAPL.csv': tiingo(raw, both) }, '--dividends', 'paid');
    expect([...(told?.proven?.dividends.values() ?? [])]).toEqual(['0.1']);
  });
});
