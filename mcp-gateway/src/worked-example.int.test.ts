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
import { explainEverything } from './test-explained.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

/** An answer as a client sees it: a test reads what it expects to be there. */
// biome-ignore lint/suspicious/noExplicitAny: what is not there makes the test fail.
type Answer = { readonly [field: string]: any };
type Call = (name: string, args?: object) => Promise<Answer>;
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

const filled = async (call: Call, orderId: string): Promise<Answer> => {
  const order = async () => (await call('execution_get_order', { order_id: orderId })).order;
  const status = async () => (await order()).status;
  await expect.poll(status, { interval: 25, timeout: 10_000 }).toBe('filled');
  return order();
};

/** The eight calls of the specification, as they are written there. */
const workedExample = async (call: Call, quantity: number) => {
  const nvda = { symbol: 'NVDA', side: 'buy', qty: quantity, order_type: 'market' };
  const added = await call('watchlist.add', { symbols: ['NVDA', 'MSFT', 'AAPL'], group: 'tech' });
  expect([...added.added, ...added.already_there].sort()).toEqual(['AAPL', 'MSFT', 'NVDA']);
  const regime = await call('regime.evaluate', { symbol: 'NVDA', timeframe: '1Day' });
  expect(regime.reasoning.length).toBeGreaterThan(0);
  const past = await call('regime.history', { symbol: 'NVDA', min_position: regime.log_position });
  expect(past.classifications[0]).toMatchObject({ event_id: regime.event_id, label: regime.label });
  const scan = await call('strategy.scan', { group: 'tech', strategy: 'momentum_v1' });
  expect(scan.evaluated).toBe(3);
  expect(scan.signals_count + scan.failed[0].no_signal_count).toBe(3);
  const position = { min_position: scan.log_position };
  const scans = await call('audit.recent_events', { type: 'ScanCompleted', limit: 1, ...position });
  for (const id of [regime.event_id, scans.events[0].event_id]) {
    const found = await call('audit.explain_trade', { audit_event_id: id, ...position });
    expect(found.re_executed).toMatchObject({ result: 'equal', same_code: true });
  }
  const preview = await call('risk.validate_trade', nvda);
  expect(preview).toMatchObject({ outcome: 'APPROVED', denial_code: null });
  const placed = await call('execution.paper_order', nvda);
  const order = await filled(call, placed.order.order_id);
  expect(order).toMatchObject({
    qty: `${quantity}`,
    cumulative_qty: `${quantity}`,
    leaves_qty: '0',
  });
  const status = await call('portfolio.status');
  expect(status.open_positions).toBe(1);
  const recent = await call('audit.recent_events', { symbol: 'NVDA', limit: 1 });
  expect(recent.events[0]).toMatchObject({ type: 'OrderFilled', order_id: placed.order.order_id });
  const history = await call('audit.recent_events', { symbol: 'NVDA', limit: 4 });
  expect(history.events.map(({ type }: Answer) => type)).toEqual([
    'OrderFilled',
    'OrderAccepted',
    'OrderSubmitted',
    'RiskAssessed',
  ]);
  const explained = await call('audit.explain_trade', {
    audit_event_id: recent.events[0].event_id,
  });
  expect(explained).toMatchObject({
    decision_id: placed.order.decision_id,
    order_id: placed.order.order_id,
  });
  expect(explained.re_executed).toMatchObject({
    result: 'equal',
    same_code: true,
    differences: [],
  });
  expect(explained.evidence.map(({ result }: Answer) => result)).toEqual(['equal', 'equal']);
  expect(explained.narrative.at(-1).event_id).toBe(recent.events[0].event_id);
  return { preview, placed, explained };
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
