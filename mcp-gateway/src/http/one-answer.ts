import {
  isLegacyRequest,
  type McpHttpHandler,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

type Fetch = Pick<McpHttpHandler, 'fetch'>;

/** A single request that asked for no progress: whatever answers it has one message to send. */
const wantsOneMessage = (body: unknown): boolean => {
  if (typeof body !== 'object' || body === null || !('id' in body && 'method' in body))
    return false;
  const { params } = body as { params?: { _meta?: { progressToken?: unknown } | null } | null };
  return params?._meta?.progressToken === undefined;
};

/** What nobody reads any more; the code is the one that the SDK gives it. */
const hungUp = () => new Response(null, { status: 499 });

/**
 * Answers a single 2025 request that asked for no progress with one JSON message, where the SDK's own
 * serving of these clients opens an event stream for each; every client must take either. Everything
 * else goes to `handler`.
 */
export const oneAnswer = (
  handler: Fetch,
  makeServer: () => Server,
  onError: (error: unknown) => void,
): Fetch => ({
  fetch: async (request, options) => {
    const body = options?.parsedBody;
    if (!wantsOneMessage(body) || !(await isLegacyRequest(request, body)))
      return handler.fetch(request, options);
    if (request.signal.aborted) return hungUp();
    const server = makeServer();
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    try {
      await server.connect(transport);
      const gone = new Promise<Response>((resolve) =>
        request.signal.addEventListener('abort', () => resolve(hungUp()), { once: true }),
      );
      return await Promise.race([transport.handleRequest(request, { parsedBody: body }), gone]);
    } finally {
      // Closing aborts what still runs for a caller who has gone.
      server.close().catch(onError);
    }
  },
});
