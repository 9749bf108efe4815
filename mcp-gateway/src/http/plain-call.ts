import type {
  JSONRPCMessage,
  JSONRPCRequest,
  Server,
  Transport,
} from '@modelcontextprotocol/server';
import type { Request, Response } from 'express';

/** Revisions of 2025: their clients say nothing of themselves in a call but the revision. */
const plainRevisions: ReadonlySet<unknown> = new Set(['2025-03-26', '2025-06-18', '2025-11-25']);
/** Headers of other revisions, and of sessions, which we do not keep. */
const tellingHeaders = ['mcp-method', 'mcp-name', 'mcp-session-id'] as const;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const holdsOnly = (object: object, names: readonly string[]): boolean =>
  Object.keys(object).every((name) => names.includes(name));

const isPlainBody = (body: unknown): body is JSONRPCRequest => {
  if (!isObject(body) || !holdsOnly(body, ['jsonrpc', 'id', 'method', 'params'])) return false;
  const { jsonrpc, id, method, params } = body;
  return (
    jsonrpc === '2.0' &&
    (typeof id === 'string' || Number.isSafeInteger(id)) &&
    method === 'tools/call' &&
    isObject(params) &&
    holdsOnly(params, ['name', 'arguments']) &&
    typeof params.name === 'string' &&
    (params.arguments === undefined || isObject(params.arguments))
  );
};

/**
 * Whether a request is a call of a tool as most clients send it, with nothing about it that could be
 * meant in another way. Whatever is doubtful is not plain, and goes the SDK's way.
 */
export const isPlainCall = ({ headers }: Request, body: unknown): body is JSONRPCRequest =>
  headers['content-type'] === 'application/json' &&
  plainRevisions.has(headers['mcp-protocol-version']) &&
  headers.accept?.includes('application/json') === true &&
  headers.accept.includes('text/event-stream') &&
  tellingHeaders.every((name) => headers[name] === undefined) &&
  isPlainBody(body);

/**
 * Hands a plain call to the server and writes down its one answer. The SDK's own transport makes a web
 * request of it and reads the answer out of a web response; both together took a tenth of an order. A
 * caller that hangs up aborts the call.
 */
export const answerPlainly = async (
  server: Server,
  body: JSONRPCRequest,
  response: Response,
): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<JSONRPCMessage | undefined>();
  const transport: Transport = {
    start: async () => undefined,
    send: async (message) => resolve(message),
    close: async () => transport.onclose?.(),
  };
  const hangUp = (): void => resolve(undefined);
  response.once('close', hangUp);
  await server.connect(transport);
  transport.onmessage?.(body);
  const answer = await promise;
  response.off('close', hangUp);
  // Closing aborts what still runs for a caller who has gone; nothing runs once it has answered.
  if (answer === undefined) return server.close();
  response.statusCode = 200;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answer));
};
