import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from './test-client.ts';
import { explainEverything } from './test-explained.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';
import { type Call, workedExample } from './test-worked-example.ts';

type Connected = { readonly call: Call; readonly close: () => Promise<void> };

// biome-ignore lint/suspicious/noExplicitAny: the two clients type their results differently.
const structured = (name: string, result: any): Answer => {
  if (result.isError) throw new Error(`${name}: ${result.content[0].text}`);
  expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
  return result.structuredContent;
};

const clients: Readonly<Record<string, (house: TestHouse) => Promise<Connected>>> = {
  'the v2 client': async ({ url }) => {
    const client = new ClientV2({ name: 'worked-example', version: '2' });
    await client.connect(new HttpV2(url('/mcp')));
    return {
      call: async (name, args = {}) =>
        structured(name, await client.callTool({ name, arguments: { ...args } })),
      close: () => client.close(),
    };
  },
  'the v1 client': async ({ url }) => {
    const client = new ClientV1({ name: 'worked-example', version: '1' });
    await client.connect(new HttpV1(url('/mcp')));
    return {
      call: async (name, args = {}) =>
        structured(name, await client.callTool({ name, arguments: { ...args } })),
      close: () => client.close(),
    };
  },
  'the v1 client over SSE': async ({ url }) => {
    const client = new ClientV1({ name: 'worked-example', version: '1' });
    await client.connect(new SSEClientTransport(url('/sse')));
    return {
      call: async (name, args = {}) =>
        structured(name, await client.callTool({ name, arguments: { ...args } })),
      close: () => client.close(),
    };
  },
};

/** The same example on each market; a quantity that the default limits admit at its prices. */
const markets: Readonly<
  Record<
    string,
    () => Promise<{ readonly env: Record<string, string>; readonly clean: () => Promise<void> }>
  >
> = {
  'the mock market': async () => ({ env: {}, clean: async () => undefined }),
  'AAPL 2015 to 2017': () =>
    replayOf(join(import.meta.dirname, '..', '..', 'docs', 'examples', 'bars', 'AAPL.csv'), {}),
  'the S&P 500 since 2000': () =>
    // At index prices ten shares are more than a twentieth of the usual account.
    replayOf(
      join(
        dirname(createRequire(import.meta.url).resolve('vega-datasets')),
        '..',
        'data',
        'sp500-2000.csv',
      ),
      { PAPER_STARTING_CASH: '1000000' },
    ),
};

const replayOf = async (file: string, env: Record<string, string>) => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
  for (const symbol of ['NVDA', 'MSFT', 'AAPL'])
    await copyFile(file, join(folder, `${symbol}.csv`));
  return {
    env: {
      ...env,
      MARKET_DATA_PROVIDER: 'historical',
      MARKET_DATA_DIR: folder,
      HISTORICAL_SPEED: '1',
    },
    clean: () => rm(folder, { recursive: true, force: true }),
  };
};

describe.each(Object.entries(markets))('the worked example on %s', (market, prepare) => {
  test.each(Object.entries(clients))(
    'runs as written through %s',
    async (name, connect) => {
      const { env, clean } = await prepare();
      const house = await startTestHouse(env);
      const { call, close } = await connect(house);
      const { preview } = await workedExample(call, 10);
      if (name === 'the v2 client') await explainEverything(call);
      expect(preview.source).toBe(market === 'the mock market' ? 'mock' : 'historical');
      await close();
      await house.stop();
      await clean();
    },
    60_000,
  );
});

describe('explain_trade', () => {
  let house: TestHouse;
  let client: Connected;
  beforeAll(async () => {
    house = await startTestHouse();
    client = await (clients['the v2 client'] as (of: TestHouse) => Promise<Connected>)(house);
  });
  afterAll(async () => {
    await client.close();
    await house.stop();
  });

  test('proves a denial and a preview as it does an order, found by any of its ids', async () => {
    const { call } = client;
    const preview = await call('risk_validate_trade', {
      symbol: 'MSFT',
      side: 'buy',
      qty: 100000,
      order_type: 'market',
    });
    expect(preview).toMatchObject({ outcome: 'DENIED', denial_code: 'MAX_ORDER_VALUE' });
    const proved = await call('audit_explain_trade', { audit_event_id: preview.decision_id });
    expect(proved).toMatchObject({ order_id: null, re_executed: { result: 'equal' } });
    await expect(
      call('execution_paper_order', { symbol: 'MSFT', side: 'sell', qty: 5, order_type: 'market' }),
    ).rejects.toThrow(/SHORT_SALE/);
    const { orders } = await call('execution_list_orders', {
      status: 'denied',
      detail: 'full',
    });
    const denied = await call('audit_explain_trade', { audit_event_id: orders[0].order_id });
    expect(denied).toMatchObject({
      decision_id: orders[0].decision_id,
      re_executed: { result: 'equal' },
    });
    await expect(call('audit_explain_trade', { audit_event_id: 'nonsense' })).rejects.toThrow(
      /UNKNOWN_DECISION/,
    );
  });
});
