import {
  type JSONRPCMessage,
  type RequestId,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import type { Ensured } from './ensure-server.ts';
import { greeter, isGreeting } from './greeting.ts';
import { openRequests } from './open-requests.ts';

type Request = Extract<JSONRPCMessage, { readonly method: string; readonly id: RequestId }>;

const serverError = -32_000;
/** The transport wants an address before one is known. */
const nowhere = new URL('http://sentinel.invalid/mcp');

const isRequest = (message: JSONRPCMessage): message is Request =>
  'method' in message && 'id' in message;

const errorFor = (id: RequestId, text: string): JSONRPCMessage => ({
  jsonrpc: '2.0',
  id,
  error: { code: serverError, message: text },
});

/** The server's own refusal where the HTTP answer holds one; it belongs to the request that was sent. */
const refusalIn = (error: unknown, id: RequestId): JSONRPCMessage | undefined => {
  const text = error instanceof SdkHttpError ? error.data.text : undefined;
  if (typeof text !== 'string') return undefined;
  try {
    const { error: refusal } = JSON.parse(text) as {
      readonly error?: { readonly code: unknown; readonly message: unknown };
    };
    return typeof refusal?.code === 'number' && typeof refusal.message === 'string'
      ? { jsonrpc: '2.0', id, error: { code: refusal.code, message: refusal.message } }
      : undefined;
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
};

/** Nothing was delivered, so that sending again cannot do anything twice. */
const wasNotDelivered = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'ECONNREFUSED';

/** Over HTTP a 2025 client has no place for its name but the user agent. */
const userAgentOf = (message: Request): string | undefined => {
  const info = (message.params as { readonly clientInfo?: unknown } | undefined)?.clientInfo;
  if (message.method !== 'initialize' || typeof info !== 'object' || info === null)
    return undefined;
  const { name, version } = info as { readonly name?: unknown; readonly version?: unknown };
  return `${name}/${version}`.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
};

/** The transport takes no credential of ours among the headers of a message, so it is added on the way. */
const withKey = (init: RequestInit | undefined, key: string | undefined): RequestInit => {
  const headers = new Headers(init?.headers);
  if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
  return { ...init, headers };
};

export type BridgeOptions = {
  /**
   * Settles when a server answers, with where; called again when it has gone. A sentence says why there is
   * none. `starting` is told as soon as it is clear that none serves yet.
   */
  readonly ensure: (starting: () => void) => Promise<Ensured>;
  /** Takes what goes back to the client. */
  readonly answer: (message: JSONRPCMessage) => void;
  /** The rooms of tools to offer; undefined is the usual list. */
  readonly toolsets: readonly string[] | undefined;
  /** What is shown to a server that asks for a key; undefined where there is none to show. */
  readonly key: string | undefined;
};

export type Bridge = {
  /** Takes one message of the client's, of either protocol era; settles when it is answered. */
  readonly take: (message: JSONRPCMessage) => Promise<void>;
  readonly close: () => Promise<void>;
};

const pathOf = (toolsets: BridgeOptions['toolsets']): string =>
  toolsets === undefined ? '/mcp' : `/mcp?toolsets=${toolsets.join()}`;

/**
 * Carries messages between a client on standard input and output and the server's HTTP endpoint. The
 * transport derives the headers of 2026-07-28 from each message, so a session of either era passes.
 */
export const bridge = async ({ ensure, answer, toolsets, key }: BridgeOptions): Promise<Bridge> => {
  // A server that was started anew may listen elsewhere: each request goes where the last one was found.
  let address = '';
  const http = new StreamableHTTPClientTransport(nowhere, {
    fetch: (_url, init) => fetch(new URL(pathOf(toolsets), address), withKey(init, key)),
  });
  const requests = openRequests(answer);
  let userAgent = 'sentinel-stdio';
  let handshake: RequestId | undefined;
  const server = greeter(ensure, toolsets);

  http.onmessage = (message) => {
    if ('method' in message || message.id === undefined) return answer(message);
    if (message.id === handshake && 'result' in message) {
      const { protocolVersion } = message.result as { readonly protocolVersion?: unknown };
      if (typeof protocolVersion === 'string') http.setProtocolVersion(protocolVersion);
    }
    requests.settle(message.id, message);
  };

  const send = async (message: JSONRPCMessage, signal?: AbortSignal): Promise<void> => {
    const found = await server.found();
    if (!found.ok) throw new Error(found.sentence);
    address = found.address;
    const options = {
      headers: { 'user-agent': userAgent },
      ...(signal !== undefined && { requestSignal: signal }),
      ...(isRequest(message) && {
        onRequestStreamEnd: () =>
          requests.settle(
            message.id,
            errorFor(
              message.id,
              'The connection to Sentinel broke. Look before you repeat an order.',
            ),
          ),
      }),
    };
    await http.send(message, options).catch(async (error: unknown) => {
      if (!wasNotDelivered(error)) throw error;
      const again = await server.seekAgain();
      if (!again.ok) throw new Error(again.sentence, { cause: error });
      address = again.address;
      await http.send(message, options);
    });
  };

  /** Clients wait for half a minute or so to be greeted, which a server may need to start. */
  const greeted = async (message: Request): Promise<boolean> => {
    const result = await server.greet(message);
    if (result === undefined) return false;
    if (typeof result.protocolVersion === 'string') http.setProtocolVersion(result.protocolVersion);
    answer({ jsonrpc: '2.0', id: message.id, result });
    return true;
  };

  const takeRequest = async (message: Request): Promise<void> => {
    const { id } = message;
    userAgent = userAgentOf(message) ?? userAgent;
    // No other message waits here: whoever takes a request back must find it.
    if (isGreeting(message) && (await greeted(message))) return;
    if (requests.isFull())
      return answer(errorFor(id, 'Too many requests at once. Wait for answers first.'));
    if (requests.has(id))
      return answer(errorFor(id, 'A request of this id still waits for its answer.'));
    if (message.method === 'initialize') handshake = id;
    const stop = new AbortController();
    const answered = requests.wait(id, () => stop.abort());
    await send(message, stop.signal).catch((error: unknown) => {
      const text = error instanceof SdkHttpError ? 'Sentinel refused the request.' : wordsOf(error);
      requests.settle(id, refusalIn(error, id) ?? errorFor(id, text));
    });
    await answered;
  };

  await http.start();
  return {
    take: async (message) => {
      if (isRequest(message)) return takeRequest(message);
      if ('method' in message && message.method === 'notifications/cancelled')
        return requests.cancel(message.params);
      await send(message);
    },
    close: () => http.close(),
  };
};

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
