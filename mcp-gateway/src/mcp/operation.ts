import {
  PROTOCOL_VERSION_META_KEY,
  type ServerContext,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/server';
import type { Operation } from '@sentinel/infra/telemetry';
import { clean, type Heard } from './said.ts';

const newest = '2026-07-28';
/** The revisions that are served: a caller's own word for one would make a series of its own. */
const served: ReadonlySet<unknown> = new Set([newest, ...SUPPORTED_PROTOCOL_VERSIONS]);

const revisionOf = ({ mcpReq, http }: ServerContext, heard: Heard): string | undefined => {
  const enveloped = (mcpReq.envelope as Record<string, unknown> | undefined)?.[
    PROTOCOL_VERSION_META_KEY
  ];
  const said = enveloped ?? http?.req?.headers.get('mcp-protocol-version') ?? heard.protocolVersion;
  return served.has(said) ? `${said}` : undefined;
};

/** What telemetry is told of a request: who asks under which id, and never what for. */
export const operationOf = (
  asked: Pick<Operation, 'method' | 'tool' | 'traceparent'>,
  context: ServerContext,
  heard: Heard,
): Operation => ({
  ...asked,
  requestId: clean(`${context.mcpReq.id}`),
  protocolVersion: revisionOf(context, heard),
});
