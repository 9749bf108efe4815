import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createMcpExpressApp, requireBearerAuth } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  McpServer,
  OAuthError,
  OAuthErrorCode,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

/**
 * The floor: one tool that echoes, served as the SDK's own documentation does it, over HTTPS and with the
 * SDK's own bearer check where it is told a certificate and a token. Prints its port.
 */
const handler = toNodeHandler(
  createMcpHandler(() => {
    const server = new McpServer({ name: 'floor', version: '1' });
    const shape = z.object({ text: z.string() });
    server.registerTool('echo', { inputSchema: shape, outputSchema: shape }, async ({ text }) => ({
      content: [{ type: 'text', text }],
      structuredContent: { text },
    }));
    return server;
  }),
);
const app = createMcpExpressApp();
const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile, ECHO_TOKEN: known } = process.env;
const isSecure = certFile !== undefined && keyFile !== undefined;
const clients = new Map([[known, { clientId: 'floor', scopes: ['read'] }]]);
if (isSecure)
  app.use(
    requireBearerAuth({
      verifier: {
        verifyAccessToken: async (token) => {
          const client = clients.get(token);
          if (client === undefined)
            throw new OAuthError(OAuthErrorCode.InvalidToken, 'unknown token');
          return { token, ...client, expiresAt: Number.MAX_SAFE_INTEGER };
        },
      },
      requiredScopes: ['read'],
    }),
  );
app.post('/mcp', (request, response) => handler(request, response, request.body));
const server = isSecure
  ? createSecureServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, app)
  : createServer(app);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
process.on('SIGTERM', () => process.exit(0));
