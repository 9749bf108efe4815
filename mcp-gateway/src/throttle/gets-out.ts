import type { ToolName } from '@sentinel/contracts';
import { surfaceOf } from '../mcp/index.ts';

/** By these one gets out, or takes back what waits; a human must always be able to. */
const waysOut: ReadonlySet<string> = new Set<ToolName>([
  'execution.cancel_order',
  'execution.cancel_all',
  'execution.close_position',
  'execution.flatten_all',
]);

const surface = surfaceOf({ readOnly: false, toolsets: undefined });

/** The tool that a message calls; undefined where it calls none, or what is no tool. */
const calledBy = (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('method' in message)) return undefined;
  if (message.method !== 'tools/call') return undefined;
  const { params } = message as { readonly params?: { readonly name?: unknown } | null };
  return typeof params?.name === 'string' ? surface.find(params.name) : undefined;
};

const stopsOrGetsOut = (tool: ReturnType<typeof calledBy>): boolean =>
  tool !== undefined && (tool.stops || waysOut.has(tool.id));

/** The messages of a body, each of which is counted. */
export const messagesIn = (body: unknown): readonly unknown[] =>
  Array.isArray(body) ? body : [body];

/** Whether a message is one that adds no risk: it looks, stops, gets out, or is no call of a tool. */
export const addsNothing = (message: unknown): boolean => {
  const tool = calledBy(message);
  return tool === undefined || tool.listed.annotations.readOnlyHint || stopsOrGetsOut(tool);
};

/** Whether a body does nothing but stop or get out. */
export const onlyGetsOut = (body: unknown): boolean => {
  const messages = messagesIn(body);
  return messages.length > 0 && messages.every((message) => stopsOrGetsOut(calledBy(message)));
};
