import { once } from 'node:events';
import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@sentinel/infra/runtime';
import { type TestPair, testAuthority } from '@sentinel/infra/test-kit';
import type { World } from './world.ts';

export const origin = 'https://sentinel.example.com';
export const authority = testAuthority();
export const host = 'sentinel.example.com';

type Reply = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
};
/** What is answered, by method and path; everything else is not there. */
export type Replies = Readonly<Record<string, Reply>>;

export const resourceReply = {
  body: { resource: `${origin}/mcp`, authorization_servers: [origin] },
};
export const issuerDocument = {
  issuer: origin,
  authorization_endpoint: `${origin}/oauth/authorize`,
  token_endpoint: `${origin}/oauth/token`,
  registration_endpoint: `${origin}/oauth/register`,
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  client_id_metadata_document_supported: true,
};
export const toolList = (...names: readonly string[]): Reply => ({
  body: { jsonrpc: '2.0', id: 1, result: { tools: names.map((name) => ({ name })) } },
});

/** A server to which Claude could connect. */
export const healthy: Replies = {
  'GET /health': {
    body: {
      ...{ state: 'ready', version: '0.1.0' },
      components: [{ component: 'a', state: 'ready', detail: '' }],
    },
  },
  'POST /mcp': {
    status: 401,
    headers: {
      'www-authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp", scope="read"`,
    },
  },
  'GET /.well-known/oauth-protected-resource/mcp': resourceReply,
  'GET /.well-known/oauth-authorization-server': { body: issuerDocument },
  'POST /oauth/register': {
    status: 201,
    body: {
      ...{ client_id: 'c', registration_access_token: 't' },
      registration_client_uri: `${origin}/oauth/register/c`,
    },
  },
  'POST /oauth/token': { status: 400, body: { error: 'invalid_grant' } },
};

export type Patient = {
  readonly world: World;
  /** What was asked, in order, by method and path. */
  readonly asked: readonly string[];
  readonly close: () => void;
};

const answering =
  (replies: Replies, asked: string[]): RequestListener =>
  (request, response) => {
    const key = `${request.method} ${request.url}`;
    asked.push(key);
    const allowed =
      request.headers.authorization === 'Bearer good' ? replies[`${key} token`] : undefined;
    const { status = 200, headers = {}, body = '' } = allowed ?? replies[key] ?? { status: 404 };
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

const portOf = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

type Given = {
  readonly replies?: Replies;
  readonly pair?: TestPair;
  /** What plain HTTP of the host answers. */
  readonly plain?: Replies;
  readonly world?: Partial<World>;
};

/** A server of this name, as whoever trusts the test's authority would meet it at a public address. */
export const startPatient = async (given: Given = {}): Promise<Patient> => {
  const { pair = authority.issue({ hosts: [host] }), replies = healthy } = given;
  const asked: string[] = [];
  const secure = createServer(pair, answering(replies, asked));
  const moved = { 'GET /': { status: 308, headers: { location: `${origin}/` } } };
  const plain = createPlain(answering(given.plain ?? moved, []));
  const ports = { 'https:': await portOf(secure), 'http:': await portOf(plain) };
  const world: World = {
    resolve: async () => ['203.0.113.7'],
    dial: ({ protocol }) => ({
      host: '127.0.0.1',
      port: ports[protocol === 'https:' ? 'https:' : 'http:'],
    }),
    ...{ roots: [authority.certificate], publicRoots: [authority.certificate], now: systemClock },
    ...given.world,
  };
  return {
    ...{ world, asked },
    close: () => {
      for (const server of [secure, plain]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
};
