import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Request, RequestHandler, Response } from 'express';
import type { Authenticate, Principal } from '../auth/index.ts';
import type { CallOptions } from '../mcp/call.ts';
import { mcpServer } from '../mcp/server.ts';
import { rooms, type Surface, surfaceOf } from '../mcp/surface.ts';
import { rpcError } from './answers.ts';
import { parseBody } from './body.ts';

export type McpOptions = CallOptions & {
  readonly authenticate: Authenticate;
  readonly onError: (error: unknown) => void;
};

const toolsetsOf = (request: Request): readonly string[] | undefined | 'unknown' => {
  const { toolsets } = request.query;
  if (toolsets === undefined) return undefined;
  const wanted =
    typeof toolsets === 'string' ? toolsets.split(',').filter((room) => room !== '') : [];
  return wanted.length > 0 && wanted.every((room) => rooms.includes(room)) ? wanted : 'unknown';
};

/** Both ways to name a tool are one: brings body and header, which must agree, to the listed name. */
const useListedName = (request: Request, body: unknown, surface: Surface): void => {
  if (
    typeof body !== 'object' ||
    body === null ||
    !('method' in body) ||
    body.method !== 'tools/call'
  )
    return;
  if (
    !('params' in body) ||
    typeof body.params !== 'object' ||
    body.params === null ||
    !('name' in body.params)
  )
    return;
  const tool = typeof body.params.name === 'string' ? surface.find(body.params.name) : undefined;
  if (tool === undefined) return;
  if (request.headers['mcp-name'] === body.params.name)
    request.headers['mcp-name'] = tool.listed.name;
  body.params.name = tool.listed.name;
};

/** Some probes accept anything, or say nothing; both kinds of answer are meant then. */
const normaliseAccept = (request: Request): void => {
  const { accept } = request.headers;
  if (accept === undefined || accept.split(',').some((type) => type.trim().startsWith('*/*'))) {
    request.headers.accept = 'application/json, text/event-stream';
  }
};

/** Streamable HTTP for clients of 2026-07-28 and of 2025, the latter served without sessions. */
export const mcpRoute = (
  options: McpOptions,
  { readOnly }: { readonly readOnly: boolean },
): RequestHandler => {
  const handlerFor = (principal: Principal, surface: Surface) =>
    toNodeHandler(
      createMcpHandler(() => mcpServer({ ...options, surface, principal }), {
        onerror: options.onError,
        keepAliveMs: 15_000,
      }),
    );
  const handlers = new Map<string, ReturnType<typeof handlerFor>>();

  return async (request: Request, response: Response) => {
    const principal = await options.authenticate(request);
    if (principal === 'unauthenticated')
      return void rpcError(response, { status: 401, message: 'Authentication is required.' });
    const toolsets = toolsetsOf(request);
    if (toolsets === 'unknown') {
      return void rpcError(response, {
        status: 400,
        message: `There is no such toolset. Choose from ${rooms.join(', ')}.`,
      });
    }
    const key = `${principal.name} ${toolsets?.join(',') ?? ''}`;
    const surface = surfaceOf({ readOnly, toolsets });
    const handler = handlers.get(key) ?? handlerFor(principal, surface);
    if (handlers.size < 256) handlers.set(key, handler);
    if (request.method !== 'POST' || typeof request.body !== 'string')
      return handler(request, response);
    const body = parseBody(request.body);
    if (!body.ok)
      return void rpcError(response, { status: 400, message: body.problem, code: -32700 });
    normaliseAccept(request);
    useListedName(request, body.value, surface);
    return handler(request, response, body.value);
  };
};
