import { money, notional, price, quantity } from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  exchangeDays,
  type Ticker,
  type Timeframe,
} from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { marketDataContract } from '../../contract-tests/market-data.ts';
import { mockMarketData } from './mock-market-data.ts';
import { universe } from './universe.ts';

const ticker = (symbol: string) => symbol as Ticker;
const at = (epochMs: number) => Temporal.Instant.fromEpochMilliseconds(epochMs);
const marketAt = (epochMs: number, seed = 42) => mockMarketData({ now: () => at(epochMs), seed });

const someInstant = fc.integer({ min: Date.UTC(2002, 0, 1), max: Date.UTC(2045, 0, 1) });
const usual = [...universe.keys()].map(ticker);
const someTicker = fc.oneof(
  fc.constantFrom(...usual),
  fc.stringMatching(/^[A-Z]{1,5}(\.[AB])?$/).map(ticker),
);

marketDataContract('the mock market', async () => {
  let now = Temporal.Instant.from('2026-11-22T07:12:13.456Z');
  return {
    marketData: mockMarketData({ now: () => now }),
    advance: (ms) => {
      now = now.add({ milliseconds: ms });
    },
    known: ticker('NVDA'),
    unknown: ticker('ABCDEF'),
    timeframes: ['1Min', '5Min', '15Min', '1Hour', '1Day'],
  };
});

const trueRangePct = (bars: BarSeries): number => {
  let sum = 0;
  for (let i = 1; i < 15; i++) sum += bars.high.at(-i)! - bars.low.at(-i)!;
  return (sum / 14 / bars.close.at(-1)!) * 100;
};

/** Whole bars merged: what minute bars must come to against longer ones. */
const merged = (bars: BarSeries, from: number, to: number) => {
  const within = [...bars.start.keys()].filter(
    (i) => bars.start[i]! >= from && bars.start[i]! < to,
  );
  const pick = (column: 'high' | 'low' | 'volume') => within.map((i) => bars[column][i]!);
  return {
    open: bars.open[within[0]!],
    high: Math.max(...pick('high')),
    low: Math.min(...pick('low')),
    close: bars.close[within.at(-1)!],
    volume: pick('volume').reduce((sum, volume) => sum + volume, 0),
  };
};

const barAt = (bars: BarSeries, i: number) => ({
  open: bars.open.at(i),
  high: bars.high.at(i),
  low: bars.low.at(i),
  close: bars.close.at(i),
  volume: bars.volume.at(i),
});

describe('the mock market', () => {
  test('is open at every hour, by New York dates', () => {
    const session = marketAt(0).session(Temporal.Instant.from('2026-11-22T04:59:00Z'));
    expect(session).toEqual({
      state: 'open',
      date: '2026-11-21',
      opensAt: null,
      closesAt: null,
      calendar: 'always-open-1',
    });
  });

  test('answers the same whatever was asked before, and otherwise for another seed', async () => {
    await fc.assert(
      fc.asyncProperty(
        someTicker,
        fc.array(someInstant, { minLength: 2, maxLength: 6 }),
        async (symbol, instants) => {
          let now = 0;
          const long = mockMarketData({ now: () => at(now) });
          for (const instant of instants.toSorted((a, b) => a - b)) {
            now = instant;
            expect(await long.quote(symbol)).toEqual(await marketAt(instant).quote(symbol));
          }
        },
      ),
      { numRuns: 50 },
    );
    const instant = Date.UTC(2026, 10, 23);
    const other = await marketAt(instant, 43).quote(ticker('NVDA'));
    expect(other).not.toEqual(await marketAt(instant).quote(ticker('NVDA')));
  });

  test('minutes aggregate to the day exactly, also when the clocks change', async () => {
    for (const date of ['2026-03-08', '2026-11-01', '2026-11-22', '2011-07-04']) {
      const day = exchangeDays.fromDate(date);
      const [from, to] = [exchangeDays.startOf(day), exchangeDays.startOf(day + 1)];
      for (const symbol of [...usual.slice(0, 6), ticker('ZZZ')]) {
        const market = marketAt(to);
        const minutes = await market.bars(symbol, { timeframe: '1Min', limit: 1_500 });
        const daily = await market.bars(symbol, { timeframe: '1Day', limit: 1 });
        expect(daily.start[0]).toBe(from);
        expect(merged(minutes, from, to)).toEqual(barAt(daily, -1));
      }
    }
  });

  test('minutes aggregate to every other bar', async () => {
    const timeframes: readonly Timeframe[] = ['5Min', '15Min', '1Hour'];
    await fc.assert(
      fc.asyncProperty(
        someTicker,
        someInstant,
        fc.constantFrom(...timeframes),
        async (symbol, instant, timeframe) => {
          const market = marketAt(instant);
          const longer = await market.bars(symbol, { timeframe, limit: 2 });
          const minutes = await market.bars(symbol, { timeframe: '1Min', limit: 180 });
          expect(merged(minutes, longer.start[0]!, longer.start[1]!)).toEqual(barAt(longer, 0));
        },
      ),
    );
  });

  test('the last price at the end of a bar is its close, and within it never leaves it', async () => {
    await fc.assert(
      fc.asyncProperty(
        someTicker,
        someInstant,
        fc.integer({ min: 0, max: 59_999 }),
        async (symbol, instant, into) => {
          const start = Math.floor(instant / 60_000) * 60_000;
          const market = marketAt(start + 60_000);
          const bars = await market.bars(symbol, { timeframe: '1Min', limit: 1 });
          expect(price.toFloat((await market.quote(symbol))!.last)).toBe(bars.close[0]);
          const inside = price.toFloat((await marketAt(start + into).quote(symbol))!.last);
          expect(inside).toBeGreaterThanOrEqual(bars.low[0]!);
          expect(inside).toBeLessThanOrEqual(bars.high[0]!);
        },
      ),
    );
  });

  test('a day opens where the last one closed', async () => {
    const bars = await marketAt(Date.UTC(2026, 10, 23)).bars(ticker('AAPL'), {
      timeframe: '1Day',
      limit: 400,
    });
    expect([...bars.open.slice(1)]).toEqual([...bars.close.slice(0, -1)]);
  });

  test('the worked example fits the default limits at any hour of many years, for every usual ticker', async () => {
    const step = 6_151 * 60_000 + 7_919;
    const tenShares = quantity.of('10');
    let instants = 0;
    for (let ms = Date.UTC(2024, 0, 1); ms < Date.UTC(2040, 0, 1); ms += step, instants++) {
      const symbol = instants % 2 === 0 ? ticker('NVDA') : usual[instants % usual.length]!;
      const market = marketAt(ms);
      const quote = (await market.quote(symbol))!;
      const bars = await market.bars(symbol, { timeframe: '1Day', limit: 20 });
      const spreadBps = (Number(quote.ask - quote.bid) / Number(quote.ask + quote.bid)) * 2e4;
      expect(spreadBps).toBeLessThan(20);
      expect(bars.volume.reduce((sum, v) => sum + v) / 20).toBeGreaterThan(1_000_000);
      expect(trueRangePct(bars)).toBeLessThan(3.5);
      if (symbol !== 'NVDA') continue;
      // Far from 5 % of an equity of 100,000 in value, and from 1 % in twice the daily range.
      expect(notional(quote.ask, tenShares, 'up')).toBeLessThan(money.of('2500'));
      expect(price.toFloat(quote.last)).toBeGreaterThan(70);
      expect(2 * 10 * (trueRangePct(bars) / 100) * price.toFloat(quote.last)).toBeLessThan(150);
      expect(spreadBps).toBeLessThan(10);
    }
    expect(instants).toBeGreaterThan(1_000);
  });

  test('knows sectors of the usual tickers, and of an invented one that there is none', async () => {
    const market = marketAt(Date.UTC(2026, 10, 23));
    expect(await market.instrument(ticker('NVDA'))).toMatchObject({
      symbol: 'NVDA',
      name: 'NVIDIA Corporation',
      sector: 'Technology',
    });
    expect(await market.instrument(ticker('QZX'))).toMatchObject({
      symbol: 'QZX',
      name: 'QZX',
      sector: null,
    });
    expect(await market.instrument(ticker('Q1'))).toBeUndefined();
  });

  test('its clock stands still rather than go back', () => {
    let now = 2_000;
    const market = mockMarketData({ now: () => at(now) });
    now = 1_000;
    expect(market.now().epochMilliseconds).toBe(2_000);
  });
});
