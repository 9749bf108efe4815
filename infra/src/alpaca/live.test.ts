import { type Price, price } from '@sentinel/contracts/kernel';
import { MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { corporateActions } from './actions.ts';
import { exactPrice } from './figures.ts';
import { alpacaMarketData } from './index.ts';
import { openRest } from './rest.ts';
import { madeUpMarket } from './test-market.ts';
import { type StubData, startStub, stubKeys } from './test-stub.ts';

const nvda = 'NVDA' as Ticker;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const atMs = Date.parse('2026-11-17T15:00:00Z');
const time = (afterMs: number) => new Date(atMs + afterMs);
const quoteFrame = (afterMs: number, bp: number, ap: number) => ({
  ...{ T: 'q', S: 'NVDA', bp, bs: 300, ap, as: 200, t: time(afterMs), c: ['R'], z: 'C' },
});
const tradeFrame = (afterMs: number, p: number, i: number) => ({
  ...{ T: 't', S: 'NVDA', p, s: 100, i, x: 'V', t: time(afterMs), c: ['@'], z: 'C' },
});

/** A provider on a stub, whose clock the test moves. */
const opened = async (change: (data: StubData) => StubData = (data) => data) => {
  let nowMs = atMs;
  const pauses: number[] = [];
  const stub = await startStub(change(madeUpMarket(() => nowMs)), 100);
  ends.push(stub.close);
  const settings = { feed: 'iex', dataUrl: stub.url, streamUrl: stub.streamUrl } as const;
  const options = {
    now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
    pause: async (ms: number) => void pauses.push(ms),
    ...{ quietMs: 2_000, reconnectMs: 5, requestsPerMinute: 1_000_000 },
  };
  const market = await alpacaMarketData({ ...stubKeys, ...settings }, options);
  ends.push(market.close);
  /** Listens to NVDA, and waits until the stub has heard so and the market has heard a quote. */
  const listening = async () => {
    await market.quote(nvda);
    await vi.waitFor(() => expect(stub.subscribed().lulds).toEqual(['NVDA']));
  };
  const moveTo = (afterMs: number) => {
    nowMs = atMs + afterMs;
  };
  return { stub, market, pauses, moveTo, listening, settings, options };
};

describe('figures', () => {
  test('a price keeps each digit that the answer had', () => {
    const micros = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(micros, (value) => {
        const text = price.format(value as Price);
        expect(exactPrice(JSON.parse(text))).toBe(value);
      }),
    );
  });

  test.each([0, -1, 0.0000001, 127.1234567, Number.NaN, 1e7])('%d is no price', (value) => {
    expect(() => exactPrice(value)).toThrow(MarketDataUnavailable);
  });
});

describe('the stream', () => {
  test('quotes, trades, halts and limit bands stand on the quote with their own times', async () => {
    const { stub, market, moveTo, listening } = await opened();
    await listening();
    moveTo(500);
    stub.send(tradeFrame(400, 127.585, 11), quoteFrame(450, 127.58, 127.59));
    await vi.waitFor(async () =>
      expect(await market.quote(nvda)).toMatchObject({ bid: price.of('127.58') }),
    );
    expect(await market.quote(nvda)).toEqual({
      ...{ symbol: nvda, bid: price.of('127.58'), bidSize: 300_000_000_000n },
      ...{ ask: price.of('127.59'), askSize: 200_000_000_000n, last: price.of('127.585') },
      ...{ at: Temporal.Instant.fromEpochMilliseconds(atMs + 450), source: 'alpaca-iex' },
    });
    stub.send(
      { T: 'l', S: 'NVDA', u: 140.34, d: 114.83, i: 'B', t: time(460), z: 'C' },
      { T: 's', S: 'NVDA', sc: 'H', sm: 'Trading Halt', rc: 'T12', t: time(470), z: 'C' },
    );
    await vi.waitFor(async () => expect(await market.quote(nvda)).toMatchObject({ halted: true }));
    expect(await market.quote(nvda)).toMatchObject({
      bands: { lower: price.of('114.83'), upper: price.of('140.34') },
    });
    // A quotation may resume before trading does.
    stub.send({ T: 's', S: 'NVDA', sc: 'Q', t: time(480), z: 'C' });
    stub.send({ T: 's', S: 'NVDA', sc: 'T', t: time(490), z: 'C' });
    await vi.waitFor(async () => expect((await market.quote(nvda))?.halted).toBeUndefined());
    const frozen = market.freeze(Temporal.Instant.fromEpochMilliseconds(atMs + 485));
    expect(await frozen.quote(nvda)).toMatchObject({ halted: true });
  });

  test('a trade that is corrected or cancelled is the last one no longer', async () => {
    const { stub, market, moveTo, listening } = await opened();
    await listening();
    moveTo(900);
    stub.send(tradeFrame(100, 127.5, 1), tradeFrame(200, 99, 2), quoteFrame(300, 127.4, 127.6));
    const last = async () => (await market.lastTrade(nvda))?.price;
    await vi.waitFor(async () => expect(await last()).toBe(price.of('99')));
    stub.send({
      ...{ T: 'c', S: 'NVDA', x: 'V', oi: 2, op: 99, os: 100, oc: ['@'], z: 'C' },
      ...{ ci: 3, cp: 127.52, cs: 100, cc: ['@'], t: time(400) },
    });
    await vi.waitFor(async () => expect(await last()).toBe(price.of('127.52')));
    stub.send({ T: 'x', S: 'NVDA', i: 3, x: 'V', p: 127.52, s: 100, a: 'C', z: 'C', t: time(500) });
    await vi.waitFor(async () => expect(await last()).toBe(price.of('127.5')));
  });

  test('a lost connection is made again, and what was missed is asked for, never guessed', async () => {
    const { stub, market, moveTo, listening } = await opened();
    await listening();
    stub.breakStream(true);
    await vi.waitFor(async () => expect((await market.health()).connected).toBe(false));
    moveTo(30_500);
    stub.requests.length = 0;
    const asked = await market.quote(nvda);
    expect(asked?.at.epochMilliseconds).toBe(atMs + 30_500);
    expect(stub.requests.some((each) => each.startsWith('/v2/stocks/quotes/latest'))).toBe(true);
    stub.mendStream();
    await vi.waitFor(async () => expect((await market.health()).connected).toBe(true));
    await vi.waitFor(() => expect(stub.subscribed().quotes).toEqual(['NVDA']));
    moveTo(61_000);
    const missed = market.freeze(Temporal.Instant.fromEpochMilliseconds(atMs + 12_345));
    expect((await missed.quote(nvda))?.at.epochMilliseconds).toBe(atMs + 12_000);
  });

  test('an outage is one, a quote without a second side is none, and an old one keeps its time', async () => {
    const none = { status: 503 };
    const { stub, market, moveTo, listening } = await opened((data) => ({
      ...data,
      latest: async (kind, symbol) => {
        const row = await data.latest(kind, symbol);
        return row && { ...row, t: new Date(atMs).toISOString() };
      },
    }));
    await listening();
    moveTo(20_000);
    expect((await market.quote(nvda))?.at.epochMilliseconds).toBe(atMs);
    stub.send(quoteFrame(19_900, 0, 127.6));
    await vi.waitFor(async () => expect(await market.quote(nvda)).toBeUndefined());
    stub.breakStream(true);
    moveTo(40_000);
    stub.refuse(...Array.from({ length: 6 }, () => none));
    await expect(market.quote(nvda)).rejects.toThrow(MarketDataUnavailable);
  });
});

describe('questions', () => {
  test('one that came too soon waits as long as it is told, within bounds', async () => {
    const { stub, market, pauses } = await opened();
    const soon = { status: 429, headers: { 'retry-after': '3', 'x-ratelimit-remaining': '0' } };
    stub.refuse(soon, soon);
    expect(await market.instrument(nvda)).toBeDefined();
    expect(pauses).toEqual([3_000, 3_000]);
    stub.refuse({ status: 429, headers: { 'retry-after': '3600' } });
    await expect(market.bars(nvda, { timeframe: '1Day', limit: 5 })).rejects.toThrow('429');
    expect(pauses).toHaveLength(2);
  });

  test('keys that are refused stop the start, and no message shows them', async () => {
    const { settings, options, market, stub } = await opened();
    const wrong = { keyId: stubKeys.keyId, secretKey: 'wrong-secret-57' };
    const refused = await alpacaMarketData({ ...wrong, ...settings }, options).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(MarketDataUnavailable);
    stub.refuse({ status: 403, body: '{"message":"forbidden"}' });
    const unreachable = await alpacaMarketData(
      { ...stubKeys, ...settings, streamUrl: 'ws://127.0.0.1:9' },
      { ...options, authenticationMs: 20 },
    ).catch((error: unknown) => error);
    const forbidden = await market.instrument(nvda).catch((error: unknown) => error);
    expect(forbidden).toBeInstanceOf(MarketDataUnavailable);
    for (const error of [refused, unreachable, forbidden]) {
      expect(error).toBeInstanceOf(MarketDataUnavailable);
      const text = JSON.stringify(error, Object.getOwnPropertyNames(error));
      expect(text).not.toContain(stubKeys.secretKey);
      expect(text).not.toContain(wrong.secretKey);
      expect((error as Error).cause).toBeUndefined();
    }
  });

  test('splits and dividends of a date, the amounts to the nearest millionth', async () => {
    const dated = (more: object) => ({
      ...{ symbol: 'NVDA', ex_date: '2026-11-17', process_date: '2026-11-30', id: 'x', ...more },
    });
    const stub = await startStub({
      ...madeUpMarket(() => atMs),
      actions: () => ({
        forward_splits: [dated({ new_rate: 1.5, old_rate: 1 })],
        reverse_splits: [dated({ symbol: 'XYZ', new_rate: 1, old_rate: 20 })],
        cash_dividends: [
          dated({ rate: 0.20833333 }),
          dated({ rate: 1, ex_date: '2026-11-18' }),
          dated({ symbol: 'not one', rate: 1 }),
        ],
      }),
    });
    ends.push(stub.close);
    const rest = openRest({ ...stubKeys, feed: 'iex', dataUrl: stub.url });
    const date = '2026-11-17' as never;
    const found = await corporateActions(rest, { from: date, to: date });
    expect(found.map(({ symbol, split, dividend }) => [symbol, split ?? dividend])).toEqual([
      ['NVDA', 208_333n],
      ['NVDA', { newShares: 3, oldShares: 2 }],
      ['XYZ', { newShares: 1, oldShares: 20 }],
    ]);
  });
});
