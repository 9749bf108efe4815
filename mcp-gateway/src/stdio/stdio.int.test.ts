import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client as ClientV2, type JSONRPCMessage } from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioV2 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../http/test-gateway.ts';
import { bridge } from './bridge.ts';
import type { Ensured } from './ensure-server.ts';
import { greet } from './greeting.ts';

const program = join(import.meta.dirname, '..', 'stdio.ts');
const identity = { name: 'probe', version: '1.2.3' };

let folder: string;
let gateway: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sentinel-stdio-'));
  await chmod(folder, 0o711);
  gateway = await startTestGateway();
});
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

const environment = (extra: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  SENTINEL_DATA_DIR: folder,
  ...extra,
});

const bridgeTo = (port: string) => ({
  command: process.execPath,
  args: [program],
  env: environment({ PORT: port }),
  stderr: 'pipe' as const,
});

type Said = { readonly out: readonly string[]; readonly err: string; readonly code: number | null };

/** Writes lines to a bridge, closes its input, at once or when it has answered, and waits for its end. */
const say = async (
  lines: readonly object[],
  env: Record<string, string>,
  { args = [program], stays = false }: { args?: readonly string[]; stays?: boolean } = {},
): Promise<Said> => {
  const child: ChildProcess = spawn(process.execPath, args, { env });
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (stays) child.stdin?.end();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin?.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  if (!stays) child.stdin?.end();
  const [code] = (await once(child, 'close')) as [number | null];
  return { out: out.split('\n').filter((line) => line !== ''), err, code };
};

const call = (id: number, name: string, args: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

const freePort = async (): Promise<string> => {
  const probe = createSocketServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return `${typeof address === 'object' && address !== null ? address.port : 0}`;
};

describe('the bridge on standard input and output', () => {
  test.each([
    ['2026-07-28', { pin: '2026-07-28' }],
    ['2025', 'legacy'],
    ['whichever fits', 'auto'],
  ] as const)('carries a session of SDK 2 and protocol %s, progress included', async (_, mode) => {
    const client = new ClientV2(identity, { versionNegotiation: { mode } });
    await client.connect(new StdioV2(bridgeTo(gateway.url('/').port)));
    try {
      expect((await client.listTools()).tools.length).toBeGreaterThan(15);
      const quote = await client.callTool({ name: 'market.quote', arguments: { symbol: 'NVDA' } });
      expect(quote.structuredContent).toMatchObject({ symbol: 'NVDA' });
      const seen: number[] = [];
      await client.callTool(
        { name: 'strategy_scan', arguments: {} },
        { onprogress: ({ progress }) => seen.push(progress) },
      );
      expect(seen).toEqual([1, 3]);
      const refused = await client.callTool({ name: 'market_quote', arguments: {} });
      expect(refused.isError).toBe(true);
      await client.callTool({ name: 'watchlist_add', arguments: { symbols: ['NVDA'] } });
      expect(gateway.contexts.at(-1)?.metadata.client).toBe('probe/1.2.3');
    } finally {
      await client.close();
    }
  });

  test('carries a session of SDK 1', async () => {
    const client = new ClientV1(identity);
    await client.connect(new StdioV1(bridgeTo(gateway.url('/').port)));
    try {
      expect((await client.listTools()).tools.length).toBeGreaterThan(15);
      const answer = await client.callTool({ name: 'market_quote', arguments: { symbol: 'NVDA' } });
      expect(answer.structuredContent).toMatchObject({ symbol: 'NVDA' });
    } finally {
      await client.close();
    }
  });

  test('answers what it was asked before its input ended, writes nothing but protocol, and leaves the server running', async () => {
    const { out, code } = await say(
      [call(1, 'market_health'), call(2, 'market_quote', { symbol: 'NVDA' })],
      environment({ PORT: gateway.url('/').port }),
    );
    expect(code).toBe(0);
    const ids = out.map((line) => (JSON.parse(line) as { readonly id: number }).id);
    expect(ids.sort()).toEqual([1, 2]);
    expect((await fetch(gateway.url('/health'))).status).toBe(200);
  });

  test('is introduced by a first start, which still installs, as by itself', async () => {
    const file = join(import.meta.dirname, '../../../infra/launch/first-session.mjs');
    const script = `const { firstSession } = await import(${JSON.stringify(file)});
      firstSession({ input: process.stdin, output: process.stdout, say: () => {} });`;
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const hellos = ['2025-06-18', '1999-01-01'].map((protocolVersion, id) => ({
      ...{ jsonrpc: '2.0', id, method: 'initialize' },
      params: { protocolVersion, capabilities: {}, clientInfo: identity },
    }));
    const discover = { jsonrpc: '2.0', id: 2, method: 'server/discover', params: { _meta: meta } };
    const told = ({ out }: Said) =>
      out.map((line) => {
        const { id, result } = JSON.parse(line);
        // The market is known once the server runs.
        const { instructions, ...rest } = result;
        return { id, ...rest, instructed: typeof instructions };
      });
    const env = environment({ PORT: gateway.url('/').port });
    const [first, itself] = await Promise.all([
      say([...hellos, discover], {}, { args: ['--input-type=module', '-e', script] }),
      Promise.all([...hellos, discover].map((hello) => say([hello], env))),
    ]);
    expect(told(first)).toEqual(itself.flatMap(told));
    // And by the bridge, while the server that it needs still starts.
    const early = await Promise.all(
      [...hellos, discover].map(async ({ id, method, params }) =>
        JSON.stringify({ id, result: await greet({ method, params }, undefined) }),
      ),
    );
    expect(told({ out: early, err: '', code: 0 })).toEqual(itself.flatMap(told));
  });

  test('offers the rooms that SENTINEL_TOOLSETS names', async () => {
    const port = gateway.url('/').port;
    const list = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const namesBy = async (toolsets: string) => {
      const { out } = await say([list], environment({ PORT: port, SENTINEL_TOOLSETS: toolsets }));
      const { result } = JSON.parse(out[0] ?? '') as {
        readonly result: { readonly tools: readonly { readonly name: string }[] };
      };
      return result.tools.map(({ name }) => name);
    };
    const [all, some, usual] = await Promise.all(['all', 'Risk, market', ''].map(namesBy));
    expect(all).toContain('backtest_run');
    expect(usual).not.toContain('backtest_run');
    expect(new Set(some?.map((name) => name.split('_')[0]))).toEqual(new Set(['risk', 'market']));
  });

  test('says that the port belongs to somebody else', async () => {
    const stranger = createServer((_request, response) => response.end('hello')).listen(
      0,
      '127.0.0.1',
    );
    await once(stranger, 'listening');
    const address = stranger.address();
    const port = `${typeof address === 'object' && address !== null ? address.port : 0}`;
    const { out, err } = await say([call(7, 'market_health')], environment({ PORT: port }));
    stranger.close();
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      id: 7,
      error: { message: expect.stringContaining('not Sentinel') },
    });
    expect(err).toContain('PORT');
  });

  test('says which setting is wrong, and why a server that it started has ended', async () => {
    const wrong = await say([call(1, 'market_health')], environment({ PORT: 'x' }));
    expect(wrong.out[0]).toContain('PORT must be');
    const port = await freePort();
    const unreachable = await say(
      [call(1, 'market_health')],
      environment({
        PORT: port,
        DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/x`,
      }),
      { stays: true },
    );
    expect(unreachable.out).toHaveLength(1);
    expect(JSON.parse(unreachable.out[0] ?? '')).toMatchObject({ id: 1, error: { code: -32000 } });
    const { error } = JSON.parse(unreachable.out[0] ?? '') as {
      readonly error: { readonly message: string };
    };
    expect(error.message.length).toBeGreaterThan(20);
    expect(error.message).not.toContain('.ts:');
  }, 90_000);

  test('starts a server where there is none, which outlives it', async () => {
    const database = await createTestDatabase();
    const port = await freePort();
    const env = environment({ PORT: port, DATABASE_URL: database.connectionString });
    const first = await say([call(1, 'market_quote', { symbol: 'NVDA' })], env, { stays: true });
    const pid = Number(/as process (\d+)/.exec(first.err)?.[1]);
    try {
      expect(first.out[0]).toContain('"symbol":"NVDA"');
      expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
      const second = await say([call(1, 'market_health')], env);
      expect(second.err).toBe('');
      expect(second.out[0]).toContain('market_time');
    } finally {
      process.kill(pid, 'SIGTERM');
      for (let tries = 0; tries < 200 && isRunning(pid); tries++) await sleep(50);
      expect(isRunning(pid)).toBe(false);
      await database.drop();
    }
    expect(await readFile(join(folder, 'console.log'), 'utf8')).toContain('ready at');
  }, 90_000);
});

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

type Heard = { readonly body: JSONRPCMessage; readonly headers: IncomingHttpHeaders };

const closings: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** A server that answers each request with its method. */
const methodServer = async () => {
  const heard: Heard[] = [];
  const server = createServer(async (request, response): Promise<void> => {
    if (request.method !== 'POST') return void response.writeHead(405).end();
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    heard.push({ body, headers: request.headers });
    if (body.id === undefined) return void response.writeHead(202).end();
    const said = { jsonrpc: '2.0', id: body.id, result: { served: body.method } };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(() => server.close());
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return { heard, found: { ok: true, address: `http://127.0.0.1:${port}` } as const };
};

/** A bridge that is told by hand what is known of the server. */
const bridged = async ({ isStarting = true } = {}) => {
  const { promise, resolve } = Promise.withResolvers<Ensured>();
  const answers: JSONRPCMessage[] = [];
  const made = await bridge({
    ensure: (starting) => {
      if (isStarting) starting();
      return promise;
    },
    answer: (message) => answers.push(message),
    ...{ toolsets: undefined, key: undefined },
  });
  closings.push(made.close);
  return { ...made, answers, settle: resolve };
};

const asking = (id: number, method: string, params: object = {}): JSONRPCMessage => ({
  ...{ jsonrpc: '2.0', id, method },
  params: { ...params },
});
const hello = (id: number, protocolVersion = '2025-06-18') =>
  asking(id, 'initialize', {
    ...{ protocolVersion, capabilities: {} },
    clientInfo: { name: 'probe', version: '7' },
  });

describe('while the server starts', () => {
  test('a client is greeted at once, and what it asks beside is held until the server answers', async () => {
    const { take, answers, settle } = await bridged();
    const tools = take(asking(1, 'tools/list'));
    for (const greeting of [hello(2), asking(3, 'ping'), asking(4, 'server/discover')])
      await take(greeting);
    expect(answers).toMatchObject([
      { id: 2, result: { protocolVersion: '2025-06-18', serverInfo: { name: 'sentinel' } } },
      { id: 3, result: {} },
      { id: 4, result: { supportedVersions: ['2026-07-28'], instructions: expect.any(String) } },
    ]);
    const initialized = take({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const { heard, found } = await methodServer();
    settle(found);
    await Promise.all([tools, initialized]);
    expect(answers.slice(3)).toEqual([{ jsonrpc: '2.0', id: 1, result: { served: 'tools/list' } }]);
    // The server hears who asks, and in which revision, though it never greeted anybody.
    expect(heard.length).toBe(2);
    for (const { headers } of heard)
      expect(headers).toMatchObject({
        ...{ 'user-agent': 'probe/7', 'mcp-protocol-version': '2025-06-18' },
      });
    await take(asking(5, 'ping'));
    expect(answers.at(-1)).toEqual({ jsonrpc: '2.0', id: 5, result: { served: 'ping' } });
  });

  test('a client whose request waits may take it back', async () => {
    const { take, answers, settle } = await bridged();
    const waiting = take(asking(1, 'tools/list'));
    await take({
      ...{ jsonrpc: '2.0', method: 'notifications/cancelled' },
      params: { requestId: 1 },
    });
    const { found } = await methodServer();
    settle(found);
    await waiting;
    expect(answers).toEqual([]);
  });

  test('a server that cannot start is told with each request that waited, and with the next', async () => {
    const { take, answers, settle } = await bridged();
    await take(hello(1));
    const waiting = take(asking(2, 'tools/list'));
    settle({ ok: false, sentence: 'The database does not answer.' });
    await waiting;
    await take(asking(3, 'tools/call'));
    expect(answers.slice(1)).toEqual(
      [2, 3].map((id) => ({
        ...{ jsonrpc: '2.0', id },
        error: { code: -32_000, message: 'The database does not answer.' },
      })),
    );
  });
});

test('where the server runs it greets by itself, and where none can run the greeting says why', async () => {
  const { found } = await methodServer();
  const running = await bridged({ isStarting: false });
  running.settle(found);
  await running.take(hello(1));
  expect(running.answers).toMatchObject([{ id: 1, result: { served: 'initialize' } }]);
  const never = await bridged({ isStarting: false });
  never.settle({ ok: false, sentence: 'PORT must be a number.' });
  await never.take(hello(1));
  expect(never.answers).toMatchObject([{ id: 1, error: { message: 'PORT must be a number.' } }]);
});
