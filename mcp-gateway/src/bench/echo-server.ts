import { createServer } from 'node:http';
import { createMcpExpressApp } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The floor: one tool that echoes, served as the SDK's own documentation does it. Prints its port. */
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
app.post('/mcp', (request, response) => handler(request, response, request.body));
const server = createServer(app).listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});
process.on('SIGTERM', () => process.exit(0));
