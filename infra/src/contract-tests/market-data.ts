import { price } from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  type MarketData,
  quoteSchema,
  type Ticker,
  type Timeframe,
} from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';

/** A provider on a clock that the test moves, with what it knows and what it does not. */
export type MarketDataUnderTest = {
  readonly marketData: MarketData;
  /** Moves the market on by about so many milliseconds of its own time. */
  readonly advance: (ms: number) => void;
  readonly known: Ticker;
  readonly unknown: Ticker;
  /** Timeframes in which `known` has bars. */
  readonly timeframes: readonly Timeframe[];
};

const present = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('there is nothing here');
  return value;
};

const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;

const expectSound = (bars: BarSeries) => {
  for (const column of columns) expect(bars[column].length).toBe(bars.start.length);
  for (let i = 0; i < bars.start.length; i++) {
    const at = (column: (typeof columns)[number]) => present(bars[column][i]);
    expect(at('low')).toBeGreaterThan(0);
    expect(at('low')).toBeLessThanOrEqual(Math.min(at('open'), at('close')));
    expect(at('high')).toBeGreaterThanOrEqual(Math.max(at('open'), at('close')));
    expect(at('volume')).toBeGreaterThanOrEqual(0);
    if (i > 0) expect(at('start')).toBeGreaterThan(present(bars.start[i - 1]));
    for (const column of ['open', 'high', 'low', 'close'] as const)
      expect(price.toFloat(price.fromFloat(at(column)))).toBe(at(column));
  }
};

type Create = () => Promise<MarketDataUnderTest>;

const quotesContract = (create: Create): void => {
  test('the clock never goes back, and follows the market', async () => {
    const { marketData, advance } = await create();
    let before = marketData.now();
    for (let i = 0; i < 50; i++) {
      advance(i * 1_000);
      const now = marketData.now();
      expect(Temporal.Instant.compare(now, before)).toBeGreaterThanOrEqual(0);
      before = now;
    }
    expect(marketData.session(before).state).toBe('open');
  });

  test('quotes are well formed, never crossed, on the grid, of now, and say their source', async () => {
    const { marketData, advance, known } = await create();
    for (let i = 0; i < 200; i++) {
      advance(997);
      const quote = present(await marketData.quote(known));
      expect(quoteSchema.safeEncode(quote).success).toBe(true);
      expect(quote.bid).toBeLessThan(quote.ask);
      expect(quote.bid).toBeGreaterThan(0n);
      expect(price.isOnTick(quote.bid) && price.isOnTick(quote.ask)).toBe(true);
      expect(quote.last).toBeGreaterThanOrEqual(quote.bid);
      expect(quote.last).toBeLessThanOrEqual(quote.ask);
      expect(quote.bidSize > 0n && quote.askSize > 0n).toBe(true);
      expect(quote.at.equals(marketData.now())).toBe(true);
      expect(quote.source).toBe(marketData.source);
    }
  });

  test('the last trade is a price of now or before, and none is known of what is not', async () => {
    const { marketData, advance, known, unknown } = await create();
    for (let i = 0; i < 50; i++) {
      advance(61_000);
      const trade = present(await marketData.lastTrade(known));
      expect(trade.symbol).toBe(known);
      expect(Temporal.Instant.compare(trade.at, marketData.now())).toBeLessThanOrEqual(0);
      expect(trade.price).toBe(present(await marketData.quote(known)).last);
    }
    expect(await marketData.lastTrade(unknown)).toBeUndefined();
  });

  test('frozen it stands still, and answers for an instant what was answered at it', async () => {
    const { marketData, advance, known, timeframes } = await create();
    const asked = async (of: MarketData) => [
      of.now(),
      of.session(of.now()),
      await of.quote(known),
      await of.lastTrade(known),
      ...(await Promise.all(
        timeframes.map((timeframe) => of.bars(known, { timeframe, limit: 9 })),
      )),
    ];
    const then = marketData.now();
    const frozen = marketData.freeze();
    const answers = await asked(marketData);
    advance(100 * 60_000);
    expect(await asked(frozen)).toEqual(answers);
    expect(await asked(marketData.freeze(then))).toEqual(answers);
    expect(await asked(marketData.freeze().freeze(then))).toEqual(answers);
    expect(await asked(marketData)).not.toEqual(answers);
  });

  test('what it does not know it says', async () => {
    const { marketData, known, unknown } = await create();
    expect((await marketData.instrument(known))?.symbol).toBe(known);
    expect(await marketData.instrument(unknown)).toBeUndefined();
    expect(await marketData.quote(unknown)).toBeUndefined();
    const bars = await marketData.bars(unknown, { timeframe: '1Day', limit: 5 });
    expect(bars.start.length).toBe(0);
  });

  test('the same question at the same instant has the same answer', async () => {
    const { marketData, known, timeframes } = await create();
    const again = await create();
    expect(await marketData.quote(known)).toEqual(await again.marketData.quote(known));
    for (const timeframe of timeframes) {
      const request = { timeframe, limit: 50 };
      expect(await marketData.bars(known, request)).toEqual(
        await again.marketData.bars(known, request),
      );
    }
  });
};

const barsContract = (create: Create): void => {
  test('bars are sound, rise in time, and are not younger than now', async () => {
    const { marketData, known, timeframes } = await create();
    for (const timeframe of timeframes) {
      const bars = await marketData.bars(known, { timeframe, limit: 100 });
      expect(bars).toMatchObject({ symbol: known, timeframe });
      expect(bars.start.length).toBeGreaterThan(0);
      expect(bars.start.length).toBeLessThanOrEqual(100);
      expect(bars.start.at(-1)).toBeLessThan(marketData.now().epochMilliseconds);
      expectSound(bars);
    }
  });

  test('a bar that was returned never changes, and only newer ones join it', async () => {
    const { marketData, advance, known, timeframes } = await create();
    for (const timeframe of timeframes) {
      const before = await marketData.bars(known, { timeframe, limit: 20 });
      advance(40 * 60_000);
      const after = await marketData.bars(known, { timeframe, limit: 100 });
      for (const [i, start] of before.start.entries()) {
        const same = after.start.indexOf(start);
        expect(same).toBeGreaterThanOrEqual(0);
        for (const column of columns) expect(after[column][same]).toBe(before[column][i]);
      }
    }
  });

  test('asOf looks back exactly: what was answered then is answered again, the future never', async () => {
    const { marketData, advance, known, timeframes } = await create();
    for (const timeframe of timeframes) {
      const then = marketData.now();
      const before = await marketData.bars(known, { timeframe, limit: 30 });
      advance(100 * 60_000);
      expect(await marketData.bars(known, { timeframe, limit: 30, asOf: then })).toEqual(before);
      const future = marketData.now().add({ hours: 24 * 30 });
      expect(await marketData.bars(known, { timeframe, limit: 30, asOf: future })).toEqual(
        await marketData.bars(known, { timeframe, limit: 30 }),
      );
    }
  });

  test('a request for no bars or too many is a bug', async () => {
    const { marketData, known } = await create();
    for (const limit of [0, 5_001, 1.5])
      await expect(marketData.bars(known, { timeframe: '1Day', limit })).rejects.toThrow(
        RangeError,
      );
    await marketData.close();
  });
};

/** What every provider of market data promises, whatever it reads. */
export const marketDataContract = (name: string, create: Create): void => {
  describe(`${name} keeps the market data contract`, () => {
    quotesContract(create);
    barsContract(create);
  });
};
