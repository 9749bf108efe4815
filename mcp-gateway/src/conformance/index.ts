import type { Fixtures } from '../mcp/index.ts';
import { verifyState } from './asking.ts';
import { askingTools } from './asking-tools.ts';
import { plainTools } from './plain-tools.ts';
import { prompts } from './prompts.ts';
import { resources } from './resources.ts';
import { sessionTools } from './session-tools.ts';
import { withSessions } from './sessions.ts';

/** What the protocol's own suites ask a server for, offered beside the product under CONFORMANCE=1. */
export const fixtures: Fixtures = {
  tools: [...plainTools, ...askingTools, ...sessionTools],
  prompts,
  resources,
  capabilities: { logging: {}, resources: { subscribe: true } },
  verifyState,
  serve: (server) => {
    server.setRequestHandler('resources/subscribe', async () => ({}));
    server.setRequestHandler('resources/unsubscribe', async () => ({}));
  },
  withSessions,
};
