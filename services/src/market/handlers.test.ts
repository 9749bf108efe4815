import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queries } from '@sentinel/contracts';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { historicalMarketData, mockMarketData } from '@sentinel/infra/market-data';
import { describe, expect, test } from 'vitest';
import { marketHandlers } from './handlers.ts';

const now = Temporal.Instant.from('2026-11-22T07:12:13.5Z');
const market = mockMarketData({ now: () => now });
const handlersOf = (over: Partial<MarketData> = {}) =>
  marketHandlers({ market: { ...market, ...over, freeze: () => ({ ...market, ...over }) } });
const context = {
  metadata: {
    principal: 'local:test',
    client: 'vitest',
    tool: 'test',
    correlationId: 'c',
    causationId: 'c',
  },
  signal: new AbortController().signal,
  progress: () => undefined,
};
const ticker = (symbol: string) => symbol as Ticker;
const acceptedValue = <Value>(
  outcome: { readonly ok: true; readonly value: Value } | { readonly ok: false },
): Value => {
  if (!outcome.ok) throw new Error('refused');
  return outcome.value;
};

describe('market queries', () => {
  test('a quote has its spread, age and source', async () => {
    const aged = handlersOf({ now: () => now.add({ milliseconds: 1_500 }) });
    const quote = acceptedValue(await aged.GetQuote({ symbol: ticker('NVDA') }, context));
    expect(queries.GetQuote.output.safeEncode(quote).success).toBe(true);
    expect(quote).toMatchObject({ symbol: 'NVDA', source: 'mock', age_ms: 1_500 });
    const [bid, ask] = [Number(quote.bid), Number(quote.ask)];
    expect(Number(quote.spread_bps)).toBeCloseTo(((ask - bid) / ((ask + bid) / 2)) * 1e4, 2);
  });

  test('an unknown symbol and a closed market are refused with what to do', async () => {
    expect(await handlersOf().GetQuote({ symbol: ticker('ABCDEFG') }, context)).toMatchObject({
      ok: false,
      refusal: { code: 'UNKNOWN_SYMBOL' },
    });
    expect(
      await handlersOf().GetBars(
        { symbol: ticker('ABCDEFG'), timeframe: '1Day', limit: 5 },
        context,
      ),
    ).toMatchObject({ ok: false, refusal: { code: 'UNKNOWN_SYMBOL' } });
    const closed = handlersOf({ quote: async () => undefined });
    expect(await closed.GetQuote({ symbol: ticker('NVDA') }, context)).toMatchObject({
      ok: false,
      refusal: { code: 'NO_QUOTE' },
    });
  });

  test('a snapshot shows what is known once each, and names the rest', async () => {
    const snapshot = acceptedValue(
      await handlersOf().GetSnapshot(
        { symbols: ['MSFT', 'ABCDEFG', 'NVDA', 'MSFT'].map(ticker) },
        context,
      ),
    );
    expect(queries.GetSnapshot.output.safeEncode(snapshot).success).toBe(true);
    expect(snapshot.snapshots.map(({ symbol }) => symbol)).toEqual(['MSFT', 'NVDA']);
    expect(snapshot.unknown).toEqual(['ABCDEFG']);
    expect(snapshot.snapshots[0]!.day_bar!.start.toString()).toBe('2026-11-21T05:00:00Z');
  });

  test('bars are the newest that were complete by the end and began after the start', async () => {
    const ask = async (input: { readonly start?: string; readonly end?: string }) => {
      const instants = Object.fromEntries(
        Object.entries(input).map(([name, at]) => [name, Temporal.Instant.from(at)]),
      );
      return handlersOf().GetBars(
        { symbol: ticker('NVDA'), timeframe: '1Day', limit: 3, ...instants },
        context,
      );
    };
    const starts = async (input: Parameters<typeof ask>[0]) =>
      acceptedValue(await ask(input)).bars.start.map((start) => start.toString().slice(5, 10));
    expect(await starts({})).toEqual(['11-19', '11-20', '11-21']);
    expect(await starts({ end: '2026-11-21T04:59:59Z' })).toEqual(['11-17', '11-18', '11-19']);
    expect(await starts({ start: '2026-11-20T05:00:00Z' })).toEqual(['11-20', '11-21']);
    expect(await starts({ start: '2026-11-22T00:00:00Z' })).toEqual([]);
    expect(await ask({ start: '2026-11-22T00:00:00Z', end: '2026-11-20T00:00:00Z' })).toMatchObject(
      { ok: false, refusal: { code: 'INVALID_ARGUMENT' } },
    );
    const bars = acceptedValue(await ask({}));
    expect(queries.GetBars.output.safeEncode(bars).success).toBe(true);
    expect(bars.bars.close[0]).toMatch(/^\d+(\.\d\d?)?$/);
  });

  test('health tells the market’s clock and session', async () => {
    const health = acceptedValue(await handlersOf().GetMarketHealth({}, context));
    expect(queries.GetMarketHealth.output.safeEncode(health).success).toBe(true);
    expect(health).toMatchObject({
      source: 'mock',
      connected: true,
      session: {
        state: 'open',
        date: '2026-11-22',
        opens_at: null,
        next_opens_at: null,
        calendar: 'always-open-1',
      },
    });
    expect(health.market_time.equals(now)).toBe(true);
  });

  test('health tells when the next session opens: over a holiday, before the open, and never', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
    const days = ['2020-11-25', '2020-11-27', '2020-11-30'].map((day) => `${day},1,1,1,1,1`);
    await writeFile(
      join(directory, 'ABC.csv'),
      ['date,open,high,low,close,volume', ...days].join('\n'),
    );
    const replay = await historicalMarketData({ directory, speed: 1, monotonicMs: () => 0 });
    await rm(directory, { recursive: true });
    const nextAt = async (text: string) => {
      const at = Temporal.Instant.from(text);
      const { session } = acceptedValue(
        await marketHandlers({ market: { ...replay, now: () => at } }).GetMarketHealth({}, context),
      );
      return [session.state, session.calendar, session.next_opens_at?.toString()];
    };
    const friday = '2020-11-27T14:30:00Z';
    expect(await nextAt('2020-11-25T14:30:00Z')).toEqual(['open', 'NYSE-1', friday]);
    expect(await nextAt('2020-11-26T14:30:00Z')).toEqual(['closed', 'NYSE-1', friday]);
    expect(await nextAt('2020-11-27T14:29:59Z')).toEqual(['closed', 'NYSE-1', friday]);
    expect(await nextAt('2020-11-27T18:00:00Z')).toEqual([
      'closed',
      'NYSE-1',
      '2020-11-30T14:30:00Z',
    ]);
    expect(await nextAt('2020-11-30T15:00:00Z')).toEqual(['open', 'NYSE-1', undefined]);
    expect(await nextAt('2020-11-30T21:00:00Z')).toEqual(['closed', 'NYSE-1', undefined]);
  });
});
