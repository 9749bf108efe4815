import type { Server } from '@modelcontextprotocol/server';
import { SSEServerTransport } from '@modelcontextprotocol/server-legacy/sse';
import type { Request, Response, Router } from 'express';
import type { Principal } from '../auth/index.ts';
import { mcpServer, surfaceOf } from '../mcp/index.ts';
import { rpcError } from './answers.ts';
import { parseBody } from './body.ts';
import type { McpOptions } from './mcp-routes.ts';
import { refuseStranger } from './stranger.ts';

/** Streams that may be open at once: each holds a connection for as long as its client likes. */
const mostStreams = 64;

const ownerOf = ({ name, grant }: Principal): string => JSON.stringify([name, grant?.grantId]);

/** The transport of 2024: GET /sse opens a stream, POST /messages talks to it. */
export const sseRoutes = (
  router: Router,
  options: McpOptions,
): { readonly close: () => Promise<void> } => {
  const streams = new Map<
    string,
    { readonly transport: SSEServerTransport; readonly server: Server; readonly of: string }
  >();
  const surface = surfaceOf({ readOnly: false, toolsets: undefined });

  const open = async (request: Request, response: Response): Promise<void> => {
    const principal = await options.authenticate(request);
    if (principal === 'unauthenticated') return refuseStranger(request, response, options);
    if (streams.size >= mostStreams)
      return rpcError(response, {
        status: 503,
        message: 'Too many streams are open. Try again later.',
      });
    const transport = new SSEServerTransport('/messages', response);
    const server = mcpServer({ ...options, surface, principal });
    streams.set(transport.sessionId, { transport, server, of: ownerOf(principal) });
    response.on('close', () => {
      streams.delete(transport.sessionId);
      server.close().catch(options.onError);
    });
    await server.connect(transport);
  };

  const message = async (request: Request, response: Response): Promise<void> => {
    const principal = await options.authenticate(request);
    if (principal === 'unauthenticated') return refuseStranger(request, response, options);
    const { sessionId } = request.query;
    const stream = typeof sessionId === 'string' ? streams.get(sessionId) : undefined;
    // Whoever knows the name of another's stream is told the same as of none.
    if (stream === undefined || stream.of !== ownerOf(principal))
      return rpcError(response, {
        status: 404,
        message: 'There is no such stream. Open /sse first.',
      });
    const body = parseBody(typeof request.body === 'string' ? request.body : '');
    if (!body.ok) return rpcError(response, { status: 400, message: body.problem, code: -32700 });
    // Its answer comes by the stream, and nobody here knows when.
    await options.callLimits?.take(principal, { request, body: body.value });
    await stream.transport.handlePostMessage(request, response, body.value);
  };

  router.get('/sse', open);
  router.post('/messages', message);
  return {
    close: async () => {
      await Promise.all([...streams.values()].map(({ server }) => server.close()));
      streams.clear();
    },
  };
};
