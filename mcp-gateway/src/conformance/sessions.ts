import {
  isLegacyRequest,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import { newId } from '@sentinel/infra/runtime';
import type { Fixtures } from '../mcp/index.ts';

/** Sessions that are kept at once; a suite needs one for each of its tries, one after the other. */
const mostSessions = 100;

type Session = {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: Server;
};

const beginsSession = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && 'method' in body && body.method === 'initialize';

/** Serves clients of 2025 within sessions, where the product serves each request by itself. */
export const withSessions: Fixtures['withSessions'] = (handler, makeServer, onError) => {
  const sessions = new Map<string, Session>();

  const end = (id: string): void => {
    const session = sessions.get(id);
    sessions.delete(id);
    session?.server.close().catch(onError);
  };

  const keep = (id: string, session: Session): void => {
    sessions.set(id, session);
    const [oldest] = sessions.keys();
    if (oldest !== undefined && sessions.size > mostSessions) end(oldest);
  };

  const begin = async (): Promise<Session['transport']> => {
    const server = makeServer();
    const transport: Session['transport'] = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: newId,
      onsessioninitialized: (id) => keep(id, { transport, server }),
      onsessionclosed: end,
    });
    await server.connect(transport);
    return transport;
  };

  return {
    fetch: async (request, options) => {
      const body = options?.parsedBody;
      if (!(await isLegacyRequest(request, body))) return handler.fetch(request, options);
      const id = request.headers.get('mcp-session-id');
      if (id !== null && !sessions.has(id)) return new Response(null, { status: 404 });
      const kept = sessions.get(id ?? '')?.transport;
      const transport = kept ?? (beginsSession(body) ? await begin() : undefined);
      return transport === undefined
        ? handler.fetch(request, options)
        : transport.handleRequest(request, { parsedBody: body });
    },
  };
};
