import type { Ticker } from '@sentinel/contracts/market';
import { afterEach } from 'vitest';
import { marketDataContract } from '../contract-tests/market-data.ts';
import { alpacaMarketData } from './index.ts';
import { madeUpMarket } from './test-market.ts';
import { startStub, stubKeys } from './test-stub.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

marketDataContract('Alpaca', async () => {
  // A Tuesday at ten in New York.
  let nowMs = Date.parse('2026-11-17T15:00:00Z');
  const stub = await startStub(
    madeUpMarket(() => nowMs),
    700,
  );
  const marketData = await alpacaMarketData(
    { ...stubKeys, feed: 'iex', dataUrl: stub.url, streamUrl: stub.streamUrl },
    {
      now: () => Temporal.Instant.fromEpochMilliseconds(nowMs),
      // This stub says nothing by the stream, and is asked each time.
      ...{ quietMs: 0, requestsPerMinute: 1_000_000 },
    },
  );
  ends.push(stub.close, marketData.close);
  return {
    marketData,
    advance: (ms) => {
      nowMs += ms;
    },
    known: 'NVDA' as Ticker,
    unknown: 'NVDA-A' as Ticker,
    timeframes: ['1Min', '5Min', '15Min', '1Hour', '1Day'],
  };
});
