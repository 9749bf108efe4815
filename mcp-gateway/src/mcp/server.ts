import {
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { MarketSource } from '@sentinel/contracts/market';
import { noTelemetry } from '@sentinel/infra/telemetry';
import type { Principal } from '../auth/index.ts';
import { version } from '../version.ts';
import { unanswered } from './ask.ts';
import { callTool } from './call.ts';
import type { CallOptions } from './call-options.ts';
import { serveCompletions } from './completions.ts';
import { listedFor } from './gate.ts';
import { instructionsFor } from './instructions.ts';
import { measured } from './measured.ts';
import { operationOf } from './operation.ts';
import { servePrompts } from './prompts.ts';
import { serveResources } from './resources.ts';
import { clean, type Heard, saidOf } from './said.ts';
import type { Surface } from './surface.ts';

export type ServerOptions = CallOptions & {
  readonly surface: Surface;
  readonly principal: Principal;
  /** What the web request said of itself, where the protocol hands on no headers. */
  readonly heard?: Heard | undefined;
};

/** How often progress is told at the most. */
const progressEveryMs = 200;

/** Sends progress when the caller asked for it, and no more often than it helps. */
const progressTo = ({ mcpReq }: ServerContext) => {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let last = Number.NEGATIVE_INFINITY;
  return (done: number, total: number, message: string): void => {
    const now = performance.now();
    if (now - last < progressEveryMs && done < total) return;
    last = now;
    const params = { progressToken, progress: done, total, message };
    // A caller that has gone away needs no progress; the work goes on to its end.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  };
};

/** What a server says of itself before anything is asked, on the market from which its prices come. */
export const introductionOf = (surface: Surface, source: MarketSource | undefined) => ({
  serverInfo: { name: 'sentinel', version, title: 'Sentinel' },
  capabilities: {
    ...{ tools: {}, resources: {}, prompts: {}, completions: {} },
    ...surface.fixtures?.capabilities,
  },
  instructions: instructionsFor(surface, source),
});

/**
 * A server for one connection or request. The low-level one: tools and schemas were prepared at boot,
 * so that serving a request builds nothing but this.
 */
export const mcpServer = (options: ServerOptions): Server => {
  const { surface, principal, heard = {} } = options;
  const { serverInfo, ...introduction } = introductionOf(surface, options.sentinel()?.source);
  const server = new Server(serverInfo, {
    ...introduction,
    ...(surface.fixtures !== undefined && {
      requestState: { verify: surface.fixtures.verifyState },
    }),
  });
  const serving = {
    ...options,
    saidOf: (context: ServerContext) => saidOf(context, server, heard),
  };
  server.setRequestHandler(
    'tools/list',
    measured('tools/list', serving, async () => {
      const shown = await listedFor(serving, options);
      if (!shown.ok) throw unanswered(shown.refusal);
      return { tools: [...shown.value] };
    }),
  );
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const tool = surface.find(params.name);
    const said = serving.saidOf(context);
    const asked = { method: 'tools/call', tool: tool?.listed.name, traceparent: said.traceparent };
    const { begin } = options.telemetry ?? noTelemetry;
    const { traceparent, end } = begin(operationOf(asked, context, heard));
    if (tool === undefined) {
      end(`${ProtocolErrorCode.InvalidParams}`);
      const message = `There is no tool ${clean(params.name)} here; list the tools.`;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
    }
    const call = {
      tool,
      arguments: params.arguments,
      principal,
      // With a trace of ours the events lead to the span of this call, which knows the caller's.
      said: { ...said, ...(traceparent !== undefined && { traceparent }) },
      onEnd: end,
      signal: context.mcpReq.signal,
      progress: progressTo(context),
      exchange: context,
    };
    return callTool(call, options);
  });
  serveResources(server, serving);
  servePrompts(server, serving);
  serveCompletions(server, serving);
  surface.fixtures?.serve(server);
  return server;
};
