import { createMcpHandler, type McpHttpHandler, type Server } from '@modelcontextprotocol/server';
import type { Request, RequestHandler, Response } from 'express';
import type { Authenticate, Principal } from '../auth/index.ts';
import type { CallOptions, Fixtures, Heard } from '../mcp/index.ts';
import { mcpServer, rooms, surfaceOf } from '../mcp/index.ts';
import { type CallLimits, unlimited } from '../throttle/index.ts';
import { rpcError } from './answers.ts';
import { type ParsedBody, parseBody } from './body.ts';
import { isClientFault } from './client-fault.ts';
import { deliver } from './deliver.ts';
import { oneAnswer } from './one-answer.ts';
import { answerPlainly, isPlainCall } from './plain-call.ts';
import { type ChallengeOptions, refuseStranger } from './stranger.ts';

export type McpOptions = CallOptions &
  ChallengeOptions & {
    readonly authenticate: Authenticate;
    /** How much a principal may ask; all that they like unless given. */
    readonly callLimits?: CallLimits | undefined;
    readonly onError: (error: unknown) => void;
    /** What the protocol's own suites ask for; undefined but when the program was started for them. */
    readonly fixtures?: Fixtures | undefined;
  };

const keepAliveEveryMs = 15_000;
/** Choices of tools whose handlers are kept. */
const mostHandlers = 256;
/** Tools never change while the program runs, so a subscription is told nothing, and few are enough. */
const mostSubscriptions = 64;

/** What may be asked for by `?toolsets=`. */
const known = ['all', ...rooms];

/** The rooms asked for, each once and in order; undefined is the usual list. */
const toolsetsOf = (request: Request): readonly string[] | undefined | 'unknown' => {
  const { toolsets } = request.query;
  if (toolsets === undefined) return undefined;
  const wanted =
    typeof toolsets === 'string' ? toolsets.split(',').filter((room) => room !== '') : [];
  if (wanted.length === 0 || !wanted.every((room) => known.includes(room))) return 'unknown';
  return wanted.includes('all') ? ['all'] : rooms.filter((room) => wanted.includes(room));
};

const heardIn = ({ headers }: Request): Heard => ({
  userAgent: headers['user-agent'],
  traceparent: typeof headers.traceparent === 'string' ? headers.traceparent : undefined,
  protocolVersion: `${headers['mcp-protocol-version']}`,
});

/** Some probes accept anything, or say nothing; both kinds of answer are meant then. */
const normaliseAccept = (request: Request): void => {
  const { accept } = request.headers;
  if (accept === undefined || accept.split(',').some((type) => type.trim().startsWith('*/*'))) {
    request.headers.accept = 'application/json, text/event-stream';
  }
};

/** What was sent, parsed; undefined where nothing was. */
const bodyOf = ({ method, body }: Request): ParsedBody | undefined =>
  method === 'POST' && typeof body === 'string' ? parseBody(body) : undefined;

const parsedIn = (body: ParsedBody | undefined): unknown => (body?.ok ? body.value : undefined);

type Handler = Pick<McpHttpHandler, 'fetch'> & {
  readonly makeServer: (heard?: Heard) => Server;
};

/** Streamable HTTP for clients of 2026-07-28 and of 2025, the latter served without sessions. */
export const mcpRoute = (
  options: McpOptions,
  { readOnly }: { readonly readOnly: boolean },
): RequestHandler => {
  const handlers = new Map<string, Handler>();

  /** One for each caller and choice of tools, so that a request prepares nothing. */
  const handlerFor = (principal: Principal, toolsets: readonly string[] | undefined): Handler => {
    const { name, kind, scopes, grant } = principal;
    const who = [name, kind, grant?.grantId ?? '', ...[...scopes].sort()];
    const key = JSON.stringify([who, toolsets ?? []]);
    const made = handlers.get(key);
    if (made !== undefined) return made;
    const surface = surfaceOf({ readOnly, toolsets }, options.fixtures);
    const makeServer = (heard?: Heard) => mcpServer({ ...options, surface, principal, heard });
    const streaming = createMcpHandler(() => makeServer(), {
      onerror: (error) => {
        if (!isClientFault(error)) options.onError(error);
      },
      keepAliveMs: keepAliveEveryMs,
      maxSubscriptions: mostSubscriptions,
    });
    const serve = options.fixtures?.withSessions ?? oneAnswer;
    const handler = { ...serve(streaming, makeServer, options.onError), makeServer };
    if (handlers.size < mostHandlers) handlers.set(key, handler);
    return handler;
  };

  const { callLimits = unlimited } = options;
  return async (request: Request, response: Response) => {
    callLimits.refuseSpent(request, () => parsedIn(bodyOf(request)));
    const principal = await options.authenticate(request);
    if (principal === 'unauthenticated') return refuseStranger(request, response, options);
    const toolsets = toolsetsOf(request);
    if (toolsets === 'unknown') {
      const message = `There is no such toolset. Choose from ${known.join(', ')}.`;
      return rpcError(response, { status: 400, message });
    }
    const body = bodyOf(request);
    if (body?.ok === false)
      return rpcError(response, { status: 400, message: body.problem, code: -32700 });
    const asked = { request, response, body: parsedIn(body) };
    if (!(await callLimits.take(principal, asked))) return;
    const handler = handlerFor(principal, toolsets);
    if (body === undefined) return deliver(handler, { request, response, body: undefined });
    normaliseAccept(request);
    if (isPlainCall(request, body.value))
      return answerPlainly(handler.makeServer(heardIn(request)), body.value, response);
    return deliver(handler, { request, response, body: body.value });
  };
};
