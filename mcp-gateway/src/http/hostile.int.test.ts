import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { AccessStoreUnavailable } from '@sentinel/contracts/access';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NotKnownNow } from '../auth/index.ts';
import { canary, startTestGateway, type TestGateway } from './test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const both = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

const post = async (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
  path = '/mcp',
): Promise<Answer> => {
  const response = await fetch(gateway.url(path), {
    method: 'POST',
    headers: { ...both, ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

const callOf = (name: unknown, args: unknown = {}, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });

/** Sends what `fetch` would not: a Host of one's own choice. */
const statusWith = (headers: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      gateway.url('/mcp'),
      { method: 'POST', headers: { ...both, ...headers } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.once('error', reject);
    sent.end(callOf('market_health'));
  });

const stillServes = async (): Promise<boolean> =>
  (await post(callOf('market_health'))).text.includes('market_time');

describe('the door', () => {
  test.each([
    [{ host: 'evil.example' }, 403],
    [{ host: '127.0.0.1.evil.example' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://localhost:6274' }, 200],
    [{ host: 'localhost' }, 200],
  ])('answers a request with %j by %i', async (headers, status) => {
    expect(await statusWith(headers)).toBe(status);
  });

  test.each(['/mcp', '/mcp/readonly', '/sse', '/messages?sessionId=x', '/health', '/approvals/x'])(
    'lets no foreign page reach %s',
    async (path) => {
      const response = await fetch(gateway.url(path), {
        headers: { origin: 'https://evil.example' },
      });
      await response.body?.cancel();
      expect(response.status).toBe(403);
    },
  );

  test('D11: no header chooses by whose name a call is made and counted', async () => {
    const caller = async (headers: Record<string, string>) => {
      const call = callOf('watchlist_add', { symbols: ['NVDA'] });
      expect((await post(call, headers)).status).toBe(200);
      return gateway.contexts.at(-1)?.metadata.principal;
    };
    const own = await caller({});
    expect(own).toMatch(/^local:./);
    for (const header of ['x-forwarded-for', 'x-real-ip', 'x-api-key', 'x-operator-id', 'from'])
      expect(await caller({ [header]: 'human:somebody' })).toBe(own);
    for (const scheme of ['Bearer', 'Basic'])
      expect(await caller({ authorization: `${scheme} human:somebody` })).toBe(own);
  });

  test('takes Accept: */*, and a request without any', async () => {
    expect((await post(callOf('market_health'), { accept: '*/*' })).status).toBe(200);
    expect(
      (await post(callOf('market_health'), { accept: 'application/json, */*;q=0.1' })).status,
    ).toBe(200);
  });

  test.each(['GET', 'DELETE'])('answers %s /mcp by 405', async (method) => {
    const response = await fetch(gateway.url('/mcp'), {
      method,
      headers: { accept: 'text/event-stream' },
    });
    expect(response.status).toBe(405);
  });

  test.each([
    ['a body above the cap', `"${'x'.repeat(300_000)}"`, {}, 413],
    [
      'a body above the cap once it is unpacked',
      gzipSync('x'.repeat(5_000_000)),
      { 'content-encoding': 'gzip' },
      413,
    ],
    ['deep nesting', '['.repeat(100_000), {}, 400],
    [
      'deep nesting in arguments',
      callOf('market_quote', JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)),
      {},
      400,
    ],
    ['what is no JSON', '{"jsonrpc":', {}, 400],
    ['an empty body', '', {}, 400],
    ['another content type', callOf('market_health'), { 'content-type': 'text/plain' }, 415],
    [
      'an unknown charset',
      callOf('market_health'),
      { 'content-type': 'application/json; charset=klingon' },
      415,
    ],
    ['an unknown toolset', callOf('market_health'), { path: '/mcp?toolsets=risk,crypto' }, 400],
    [
      'a batch of many',
      `[${Array.from({ length: 500 }, (_, id) => callOf('market_health', {}, id)).join(',')}]`,
      {},
      400,
    ],
  ] as const)(
    'refuses %s',
    async (_what, body, { path, ...headers }: Record<string, string>, status) => {
      const answer = await post(
        typeof body === 'string' ? body : new Uint8Array(body),
        headers,
        path,
      );
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toMatchObject({
        jsonrpc: '2.0',
        error: { code: expect.any(Number) },
      });
      expect(await stillServes()).toBe(true);
    },
  );

  test('offers questions alone on /mcp/readonly, and the chosen rooms with ?toolsets', async () => {
    const namesAt = async (path: string) => {
      const answer = await post('{"jsonrpc":"2.0","id":1,"method":"tools/list"}', {}, path);
      return [...answer.text.matchAll(/"name":"([a-z]+_[a-z_]+)"/g)].map(([, name]) => name);
    };
    expect(await namesAt('/mcp')).toContain('execution_paper_order');
    expect(await namesAt('/mcp/readonly')).not.toContain('execution_paper_order');
    expect(await namesAt('/mcp/readonly')).toContain('portfolio_status');
    expect(await namesAt('/mcp')).not.toContain('backtest_run');
    expect(await namesAt('/mcp?toolsets=all')).toContain('backtest_run');
    const narrow = await namesAt('/mcp?toolsets=risk,market');
    expect(new Set(narrow.map((name) => name?.split('_')[0]))).toEqual(new Set(['risk', 'market']));
    const order = callOf('execution_paper_order', {
      symbol: 'NVDA',
      side: 'buy',
      qty: 1,
      order_type: 'market',
    });
    expect((await post(order, {}, '/mcp/readonly')).text).toMatch(/-32602.*There is no tool/);
  });

  test('says what it is to no one, and how to treat it to everyone', async () => {
    const { headers } = await post(callOf('market_health'));
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('asks for the key before it says anything about an approval', async () => {
    for (const authorization of [
      '',
      'Bearer ',
      'Bearer wrong',
      `Bearer ${'k'.repeat(42)}`,
      `bearer${'k'.repeat(43)}`,
    ]) {
      const response = await fetch(gateway.url('/approvals/x'), { headers: { authorization } });
      expect(response.status).toBe(401);
    }
    const known = await fetch(gateway.url('/approvals/x'), {
      headers: { authorization: `Bearer ${'k'.repeat(43)}` },
    });
    expect(known.status).toBe(404);
  });

  test('shows no client what went wrong inside', async () => {
    for (const name of ['system_health', 'strategy_list', 'risk_kill_switch_enable']) {
      const args = name.startsWith('risk')
        ? { scope: 'global', reason: 'a reason of some length' }
        : {};
      const answer = await post(callOf(name, args));
      expect(answer.text).toMatch(/INTERNAL|UNAVAILABLE/);
      expect(answer.text).not.toContain(canary);
      expect(answer.text).not.toContain('/work');
      expect(answer.text).not.toContain('.ts:');
    }
    expect(gateway.failures.length).toBeGreaterThanOrEqual(3);
  });
});

test('a gateway that is not ready says so, lists its tools, and serves once it is', async () => {
  const early = await startTestGateway({ ready: false });
  try {
    const ask = async (body: string) => {
      const response = await fetch(early.url('/mcp'), { method: 'POST', headers: both, body });
      return response.text();
    };
    expect((await fetch(early.url('/health'))).status).toBe(503);
    expect(await ask('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')).toContain(
      'portfolio_status',
    );
    expect(await ask(callOf('market_health'))).toMatch(/UNAVAILABLE: .*Try again/);
    early.becomeReady();
    expect((await fetch(early.url('/health'))).status).toBe(200);
    expect(await ask(callOf('market_health'))).toContain('market_time');
  } finally {
    await early.close();
  }
});

test('closing ends open streams within its bound', async () => {
  const closing = await startTestGateway();
  const stream = await fetch(closing.url('/sse'));
  await closing.close();
  await stream.text().catch(() => undefined);
  await expect(fetch(closing.url('/health'))).rejects.toThrow();
});

test('a client that says nothing is not waited for by the others', async () => {
  const { port } = gateway.url('/');
  const silent = Array.from({ length: 50 }, () => connect(Number(port), '127.0.0.1'));
  const halfSaid = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n';
  await Promise.all(
    silent.map((socket) => new Promise<void>((sent) => socket.write(halfSaid, () => sent()))),
  );
  expect(await stillServes()).toBe(true);
  for (const socket of silent) socket.destroy();
});

/** Anything that JSON can say, with the words of the protocol thrown in. */
const words = fc.constantFrom(
  'tools/call',
  'tools/list',
  'initialize',
  'server/discover',
  'market_quote',
  'execution_paper_order',
  '__proto__',
  '1e400',
  'NaN',
  '=1+1',
);
const anything = fc.oneof(fc.jsonValue({ maxDepth: 4 }), words);
const message = fc.record(
  {
    jsonrpc: fc.oneof({ weight: 9, arbitrary: fc.constant('2.0') }, anything),
    id: fc.oneof(fc.integer(), fc.string(), anything),
    method: fc.oneof({ weight: 5, arbitrary: words }, anything),
    params: fc.oneof(
      anything,
      fc.record(
        { name: fc.oneof(words, anything), arguments: anything, _meta: anything },
        { requiredKeys: [] },
      ),
      fc.record({
        name: fc.constant('execution_paper_order'),
        arguments: fc.record({
          symbol: anything,
          side: anything,
          qty: fc.oneof(fc.double(), anything),
          order_type: anything,
        }),
      }),
    ),
  },
  { requiredKeys: [] },
);

/** What the tools of the test gateway fail with on purpose. */
const isOfTheTestTools = (failure: unknown): boolean =>
  failure instanceof Error && (failure.message.includes(canary) || failure.name === 'NotEncodable');

test('no message whatever brings a 5xx, fills the log, or brings the server down', async () => {
  const body = fc.oneof(
    message.map((value) => JSON.stringify(value)),
    fc.array(message, { maxLength: 5 }).map((value) => JSON.stringify(value)),
    fc.string(),
    message.map((value) => JSON.stringify(value).replace(/\d+/, '1e400')),
  );
  const headers = fc.record(
    {
      'mcp-protocol-version': fc.constantFrom('2026-07-28', '2025-06-18', 'x'),
      'mcp-method': words,
      'mcp-name': words,
      accept: fc.constantFrom('*/*', 'text/html', 'application/json'),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(body, headers, async (text, extra) => {
      const sent: Record<string, string> = {};
      for (const [name, value] of Object.entries(extra))
        if (value !== undefined) sent[name] = value;
      const answer = await post(text, sent);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toMatch(/\.ts:\d+|node_modules/);
    }),
    { numRuns: 600 },
  );
  expect(await stillServes()).toBe(true);
  expect(gateway.failures.filter((failure) => !isOfTheTestTools(failure))).toEqual([]);
});

test.each([
  new EventStoreUnavailable(canary),
  new AccessStoreUnavailable(canary),
  new NotKnownNow(canary),
])('who cannot be looked up is told to come again, and nothing of why: %o', async (error) => {
  const away = await startTestGateway({
    authenticate: async () => {
      throw error;
    },
  });
  for (const path of ['/mcp', '/mcp/readonly', '/sse']) {
    const answer = await fetch(away.url(path));
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await answer.text()).not.toContain(canary);
  }
  expect(away.failures).toEqual([error, error, error]);
  await away.close();
});
