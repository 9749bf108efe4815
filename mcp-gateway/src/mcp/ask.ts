import {
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { ToolName } from '@sentinel/contracts';
import { type Outcome, type Refusal, refused } from '@sentinel/contracts/kernel';
import type { Principal } from '../auth/index.ts';
import { perform } from './call.ts';
import type { CallOptions } from './call-options.ts';
import type { Said } from './said.ts';
import type { Surface } from './surface.ts';

/** What serves one connection or request: where it comes from, and the part of the surface it may use. */
export type Serving = CallOptions & {
  readonly surface: Surface;
  readonly principal: Principal;
  readonly saidOf: (context: ServerContext) => Said;
};

export type Serve = (server: Server, serving: Serving) => void;

/**
 * Asks what a tool would answer, for a resource or a completion: the same handler by the same path,
 * under the tool's name. A tool that is not offered here is not asked.
 */
export const ask = async (
  serving: Serving,
  { tool: id, args }: { readonly tool: ToolName; readonly args: object },
  context: ServerContext,
): Promise<Outcome<object>> => {
  const tool = serving.surface.find(id);
  if (tool === undefined)
    return refused('NOT_OFFERED', `${id} is not offered here.`, 'Ask at /mcp.');
  const call = {
    tool,
    arguments: args,
    principal: serving.principal,
    said: serving.saidOf(context),
    signal: context.mcpReq.signal,
    progress: () => undefined,
  };
  return perform(call, serving);
};

export const invalid = (message: string): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InvalidParams, message);

/** A refusal where the protocol has no place for one but its error. */
export const unanswered = ({ code, message, remedy }: Refusal): ProtocolError =>
  new ProtocolError(ProtocolErrorCode.InternalError, `${code}: ${message} ${remedy}`);
