import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
  SSEClientTransport as SseV2,
} from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport as SseV1 } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canary, startTestGateway, type TestGateway } from './test-gateway.ts';

type Answer = {
  readonly isError?: boolean | undefined;
  readonly content?: unknown;
  readonly structuredContent?: unknown;
};

/** What the tests use of a client, whichever SDK and protocol it speaks. */
type AnyClient = {
  readonly names: () => Promise<readonly string[]>;
  readonly call: (
    name: string,
    args: Record<string, unknown>,
    onProgress?: (done: number) => void,
  ) => Promise<Answer>;
  readonly close: () => Promise<void>;
};

const identity = { name: 'probe', version: '1.2.3' };

const v2 = async (
  transport: HttpV2 | SseV2,
  mode: 'legacy' | { readonly pin: string },
): Promise<AnyClient> => {
  const client = new ClientV2(identity, { versionNegotiation: { mode } });
  await client.connect(transport);
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, onProgress) =>
      client.callTool(
        { name, arguments: args },
        onProgress && { onprogress: ({ progress }) => onProgress(progress) },
      ),
    close: () => client.close(),
  };
};

const v1 = async (transport: HttpV1 | SseV1): Promise<AnyClient> => {
  const client = new ClientV1(identity);
  // The old SDK's types predate exactOptionalPropertyTypes; the object is a transport all the same.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return {
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, onProgress) =>
      (await client.callTool(
        { name, arguments: args },
        undefined,
        onProgress && { onprogress: ({ progress }) => onProgress(progress) },
      )) as Answer,
    close: () => client.close(),
  };
};

const clients: Readonly<Record<string, (gateway: TestGateway) => Promise<AnyClient>>> = {
  'SDK 2, protocol 2026-07-28': ({ url }) => v2(new HttpV2(url('/mcp')), { pin: '2026-07-28' }),
  'SDK 2, protocol of 2025': ({ url }) => v2(new HttpV2(url('/mcp')), 'legacy'),
  'SDK 1, streamable HTTP': ({ url }) => v1(new HttpV1(url('/mcp'))),
  'SDK 1, HTTP with SSE': ({ url }) => v1(new SseV1(url('/sse'))),
  'SDK 2, HTTP with SSE': ({ url }) => v2(new SseV2(url('/sse')), 'legacy'),
};

const textOf = (result: { readonly content?: unknown }): string => {
  const [first] = result.content as readonly { readonly text: string }[];
  return first?.text ?? '';
};

describe.each(Object.entries(clients))('%s', (_, connect) => {
  let gateway: TestGateway;
  let client: AnyClient;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = await connect(gateway);
  });
  afterAll(async () => {
    await client?.close();
    await gateway?.close();
  });

  test('lists every tool by a name that Claude takes, always in the same order', async () => {
    const names = await client.names();
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(await client.names()).toEqual(names);
  });

  test.each(['market_quote', 'market.quote'])(
    'answers %s, in text as well as in structure',
    async (name) => {
      const result = await client.call(name, { symbol: 'nvda' });
      expect(result.isError ?? false).toBe(false);
      expect(JSON.parse(textOf(result))).toEqual(result.structuredContent);
      expect(result.structuredContent).toMatchObject({ symbol: 'NVDA', source: 'mock' });
      expect((result.structuredContent as { readonly bid: unknown }).bid).toMatch(/^\d+(\.\d+)?$/);
    },
  );

  test('names principal, client and tool to the handler', async () => {
    await client.call('watchlist_add', { symbols: ['NVDA'] });
    const { metadata } = gateway.contexts.at(-1)!;
    expect(metadata.principal).toMatch(/^local:./);
    expect(metadata.tool).toBe('watchlist.add');
    expect(metadata.correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(metadata.client).not.toBe('');
    expect(metadata.client).not.toBe('unknown');
  });

  test('tells progress where it is asked for', async () => {
    const seen: number[] = [];
    await client.call('strategy_scan', {}, (done) => seen.push(done));
    expect(seen).toEqual([1, 3]);
  });

  test.each([
    ['market_quote', { symbol: 'NVDA', depth: 5 }, /^INVALID_ARGUMENT: .*depth/],
    ['market_quote', {}, /^INVALID_ARGUMENT: symbol/],
    ['market_bars', { symbol: 'NVDA', limit: 1e9 }, /^INVALID_ARGUMENT: limit/],
    ['market_quote', { symbol: 'ΝVDA' }, /^INVALID_ARGUMENT: symbol/],
    [
      'execution_paper_order',
      { symbol: 'NVDA', side: 'buy', qty: '12345678901234567890', order_type: 'market' },
      /^INVALID_ARGUMENT: qty/,
    ],
    [
      'execution_paper_order',
      { symbol: 'NVDA', side: 'buy', qty: 'NaN', order_type: 'market' },
      /^INVALID_ARGUMENT: qty/,
    ],
    ['system_health', {}, /^INTERNAL: /],
    ['strategy_list', {}, /^INTERNAL: /],
    [
      'risk_kill_switch_enable',
      { scope: 'global', reason: 'a reason of some length' },
      /^UNAVAILABLE: /,
    ],
  ] as const)('refuses %s %j as a tool error that says what to do', async (name, args, text) => {
    const result = await client.call(name, { ...args });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(text);
    expect(JSON.stringify(result)).not.toContain(canary);
  });

  test('refuses an unknown tool and answers the next call', async () => {
    const outcome = await client.call('portfolio_steal', {}).then(
      (result) => textOf(result),
      (error: unknown) => String(error),
    );
    expect(outcome).toMatch(/There is no tool portfolio_steal here/);
    expect((await client.call('market_health', {})).isError ?? false).toBe(false);
  });
});
