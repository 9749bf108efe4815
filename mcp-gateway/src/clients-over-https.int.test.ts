import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Client as ClientV2,
  StreamableHTTPClientTransport as HttpV2,
} from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as HttpV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { freePort } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callback, consent, hiddenIn, type TestBrowser, type Tokens } from './oauth/test-flow.ts';
import { setUpHuman } from './test-human.ts';
import { type SecureProgram, startSecureProgram } from './test-secure-program.ts';

/** Where a client of Claude says what it is. */
const description = 'https://claude.ai/oauth/client-of-the-test';

let program: SecureProgram;
let human: TestBrowser;
let site: Server;
/** Who asked the site, by path. */
const asked: string[] = [];
beforeAll(async () => {
  const port = await freePort();
  const preload = new URL(`./test-described-client.ts?port=${port}`, import.meta.url);
  program = await startSecureProgram({ NODE_OPTIONS: `--import ${preload.href}` });
  human = await setUpHuman(program);
  site = createServer(program.authority.issue({ hosts: ['claude.ai'] }), (request, response) => {
    asked.push(`${request.url}`);
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        ...{ client_id: description, client_name: 'Described', redirect_uris: [callback] },
        ...{ token_endpoint_auth_method: 'none', response_types: ['code'] },
        grant_types: ['authorization_code', 'refresh_token'],
      }),
    );
  }).listen(port, '127.0.0.1');
  await once(site, 'listening');
}, 120_000);
afterAll(async () => {
  await program?.stop();
  site?.close();
});

const at = () => new URL('/mcp', program.base);

/** What a client keeps of its log-in, and to where it sent its human. */
const keeper = (describes: boolean) => {
  const kept: {
    tokens?: Tokens;
    client?: { client_id: string };
    verifier?: string;
    discovery?: object;
  } = {};
  const sentTo: URL[] = [];
  const authProvider = {
    redirectUrl: callback,
    clientMetadata: { client_name: 'Registered', redirect_uris: [callback] },
    ...(describes && { clientMetadataUrl: description }),
    clientInformation: () => kept.client,
    saveClientInformation: (client: { client_id: string }) => void Object.assign(kept, { client }),
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: unknown) => void Object.assign(kept, { tokens }),
    redirectToAuthorization: (url: URL) => void sentTo.push(url),
    saveCodeVerifier: (verifier: string) => void Object.assign(kept, { verifier }),
    codeVerifier: () => kept.verifier ?? '',
    saveDiscoveryState: (discovery: unknown) => void Object.assign(kept, { discovery }),
    discoveryState: () => kept.discovery as never,
    invalidateCredentials: () => void Object.assign(kept, { tokens: undefined }),
  };
  return { kept, sentTo, authProvider };
};
type Keeper = ReturnType<typeof keeper>;

/** What the tests use of a client, of whichever SDK. */
type AnyClient = {
  readonly finish: (back: URL) => Promise<void>;
  readonly connect: () => Promise<void>;
  readonly names: () => Promise<readonly string[]>;
  readonly call: (name: string, args: Record<string, unknown>) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

const identity = { name: 'over-https', version: '1' };

const v2 = ({ authProvider }: Keeper): AnyClient => {
  const client = new ClientV2(identity);
  const transport = new HttpV2(at(), { authProvider });
  return {
    finish: (back) => transport.finishAuth(back.searchParams),
    connect: () => client.connect(transport),
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
};

const v1 = ({ authProvider }: Keeper): AnyClient => {
  const client = new ClientV1(identity);
  const transport = new HttpV1(at(), { authProvider });
  return {
    finish: (back) => transport.finishAuth(back.searchParams.get('code') ?? ''),
    // The old SDK's types predate exactOptionalPropertyTypes; the object is a transport all the same.
    connect: () => client.connect(transport as Parameters<typeof client.connect>[0]),
    names: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
};

/** The human revokes at the desk what a client of this id may do. */
const revokeAtDesk = async (clientId: string): Promise<void> => {
  const list = await (await human.get('/desk/grants')).text();
  const card = list.split('<li class="card">').find((each) => each.includes(clientId)) ?? '';
  const path = /href="(\/desk\/grants\/[\w-]+)"/.exec(card)?.[1] ?? '';
  const page = await (await human.get(path)).text();
  const answer = await human.post(`${path}/revoke`, { ...hiddenIn(page), reason: '' });
  expect(await answer.text()).toContain('Revoked: it allows nothing');
};

/** The client gives back what it renews its tokens by, as RFC 7009 has it. */
const revokeToken = async (clientId: string, tokens: Tokens | undefined): Promise<void> => {
  const answer = await fetch(new URL('/oauth/revoke', program.base), {
    method: 'POST',
    body: new URLSearchParams({ token: tokens?.refresh_token ?? '', client_id: clientId }),
  });
  expect(answer.status).toBe(200);
};

const clients = { 'SDK 2': v2, 'SDK 1': v1 } as const;

describe.each(Object.entries(clients))('%s over HTTPS', (_, clientOf) => {
  test.each([
    ['registers', false],
    ['is described at its own site', true],
  ])(
    '%s, is let in by a human, calls, renews its token, and is out once it is revoked',
    async (_how, describes) => {
      const keeps = keeper(describes);
      const { kept, sentTo } = keeps;
      const first = clientOf(keeps);
      await expect(first.connect()).rejects.toThrow();
      const wish = sentTo.at(-1) ?? at();
      expect(wish.searchParams.get('client_id')).toBe(
        describes ? description : kept.client?.client_id,
      );
      await first.finish(await consent(human, wish));
      const client = clientOf(keeps);
      await client.connect();
      expect(await client.names()).toContain('market_quote');
      const quote = () => client.call('market_quote', { symbol: 'NVDA' });
      expect(await quote()).toMatchObject({ structuredContent: { symbol: 'NVDA' } });

      const before = kept.tokens;
      // As after an hour: the access token is none any more.
      kept.tokens = { ...before, access_token: 'x'.repeat(43) } as Tokens;
      expect(await quote()).toMatchObject({ structuredContent: { symbol: 'NVDA' } });
      expect(kept.tokens.access_token).not.toBe('x'.repeat(43));
      expect(kept.tokens.refresh_token).not.toBe(before?.refresh_token);

      // Revoked at the desk, it asks its human anew, and what they say then holds.
      const times = sentTo.length;
      await revokeAtDesk(kept.client?.client_id ?? '');
      await expect(quote()).rejects.toThrow();
      expect([kept.tokens, sentTo.length]).toEqual([undefined, times + 1]);
      await first.finish(await consent(human, sentTo.at(-1) ?? at()));
      expect(await quote()).toMatchObject({ structuredContent: { symbol: 'NVDA' } });

      // Revoked by itself, its tokens open nothing, and give no others.
      await revokeToken(kept.client?.client_id ?? '', kept.tokens);
      await expect(quote()).rejects.toThrow();
      expect([kept.tokens, sentTo.length]).toEqual([undefined, times + 2]);
      await client.close();
    },
  );
});

test('the site of the client was asked, and proved itself by its certificate', () => {
  expect(new Set(asked)).toEqual(new Set([new URL(description).pathname]));
});

const proxy = fileURLToPath(import.meta.resolve('mcp-remote/dist/proxy.js'));

test('mcp-remote brings a client of standard input and output in over HTTPS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sentinel-mcp-remote-'));
  const start = async () => {
    const transport = new StdioClientTransport({
      ...{ command: process.execPath, stderr: 'pipe' },
      args: [proxy, at().href, `${await freePort()}`],
      env: {
        ...{ PATH: process.env.PATH ?? '', HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
        // There is no desktop: the human follows the address that it says.
        ...{ BROWSER: 'true', NODE_EXTRA_CA_CERTS: program.authorityFile },
      },
    });
    let said = '';
    const link = new Promise<URL>((resolve) => {
      transport.stderr?.on('data', (chunk) => {
        said += chunk;
        const found = /visiting:\s+(https:\S+)/.exec(said)?.[1];
        if (found !== undefined) resolve(new URL(found));
      });
    });
    const client = new ClientV2(identity, { versionNegotiation: { mode: 'legacy' } });
    return { client, link, connected: client.connect(transport), said: () => said };
  };
  const first = await start();
  const back = await consent(human, await first.link);
  expect((await fetch(back)).status).toBe(200);
  await first.connected;
  const call = (client: ClientV2) =>
    client.callTool({ name: 'market_quote', arguments: { symbol: 'NVDA' } });
  expect(await call(first.client)).toMatchObject({ structuredContent: { symbol: 'NVDA' } });
  await first.client.close();
  // It comes back with the tokens that it kept, and asks no human.
  const again = await start();
  await again.connected;
  expect(await call(again.client)).toMatchObject({ structuredContent: { symbol: 'NVDA' } });
  expect(again.said()).not.toContain('visiting');
  await again.client.close();
  await rm(folder, { recursive: true, force: true });
});
