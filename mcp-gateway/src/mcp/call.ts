import type {
  CallToolResult,
  InputRequiredResult,
  ServerContext,
} from '@modelcontextprotocol/server';
import {
  beforeAll,
  type EventMetadata,
  type Outcome,
  type Refusal,
  type RequestContext,
  readAsWritten,
  refused,
  resourceLinkSchema,
} from '@sentinel/contracts/kernel';
import type { Allowed, Principal } from '../auth/index.ts';
import type { Sentinel } from '../sentinel.ts';
import { badArguments } from './bad-arguments.ts';
import type { CallOptions } from './call-options.ts';
import { pass } from './gate.ts';
import { broken } from './refusals.ts';
import type { Said } from './said.ts';
import type { PreparedTool } from './surface.ts';

export type ToolResult = CallToolResult;

export type ToolCall = {
  readonly tool: PreparedTool;
  readonly arguments: unknown;
  readonly principal: Principal;
  /** What the caller says of itself. */
  readonly said: Said;
  readonly signal: AbortSignal;
  readonly progress: RequestContext['progress'];
  /** Told once how it ended: with the code of a refusal, or with none. */
  readonly onEnd?: (code: string | undefined) => void;
  /** The exchange that the call came by, for what asks or tells the caller in the middle of it. */
  readonly exchange?: ServerContext;
};

/** Clients give up after a minute; past this a call is told to have taken too long. */
const longestCallMs = 45_000;

/**
 * A scope that is wanting is a tool's answer and no HTTP 403, by which some clients ask for the scopes that
 * they had, over and over. Those that do better read the challenge from here.
 */
const failure = (
  { code, message, remedy }: Refusal,
  { tool, principal }: Pick<ToolCall, 'tool' | 'principal'>,
): ToolResult => {
  const challenge =
    code === 'INSUFFICIENT_SCOPE' ? principal.challengeFor?.(tool.scope) : undefined;
  return {
    isError: true,
    content: [{ type: 'text', text: `${code}: ${message} ${remedy}` }],
    ...(challenge !== undefined && { _meta: { 'mcp/www_authenticate': [challenge] } }),
  };
};

/** Ends the wait, not the work: a command under way is not undone by its caller's patience. */
const ranOut = (signal: AbortSignal): Promise<Outcome<object>> =>
  new Promise((resolve) => {
    const end = () =>
      resolve(
        refused(
          'TIMEOUT',
          'The call took too long or was given up; whether it took effect is not known.',
          'Look before you repeat it, or repeat it with the same idempotency_key.',
        ),
      );
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });

/** A query that names no position of its own is answered from views that hold all we have written. */
const fresh = (input: object, tool: PreparedTool, sentinel: Sentinel): object => {
  if (!tool.takesMinPosition || 'min_position' in input) return input;
  const last = sentinel.lastAppend();
  return last === beforeAll ? input : { ...input, min_position: last };
};

/**
 * One path for every tool, and for whatever else asks what a tool would: scope, parse, handle, encode.
 * Answers what travels. Never throws.
 */
export const perform = async (call: ToolCall, options: CallOptions): Promise<Outcome<object>> => {
  const { tool } = call;
  const passed = await pass(call, options);
  if (!passed.ok) return passed;
  const given = readAsWritten(tool.input, call.arguments ?? {});
  const input = tool.input.safeParse(given);
  if (!input.success)
    return { ok: false, refusal: badArguments(input.error, given, tool.argumentNames) };
  const sentinel = options.sentinel();
  if (sentinel === undefined) {
    return refused('UNAVAILABLE', 'Sentinel is still starting.', 'Try again in a few seconds.');
  }
  const handle = tool.handlerOf(sentinel.handlers, call.exchange);
  try {
    const context = contextOf(call, passed.value, options);
    const outcome = await Promise.race([
      handle(fresh(input.data as object, tool, sentinel), context),
      ranOut(context.signal),
    ]);
    return outcome.ok ? { ok: true, value: tool.encode(outcome.value) } : outcome;
  } catch (error) {
    return broken(error, options);
  }
};

export const callTool = async (
  call: ToolCall,
  options: CallOptions,
): Promise<ToolResult | InputRequiredResult> => {
  const outcome = await perform(call, options);
  call.onEnd?.(outcome.ok ? undefined : outcome.refusal.code);
  if (outcome.ok && call.tool.answersResult) return outcome.value as ToolResult;
  return outcome.ok ? answer(outcome.value) : failure(outcome.refusal, call);
};

/**
 * Models have been seen to read only the text, so it holds everything that the structure does. What the
 * answer names to be read by its address is linked as well.
 */
const answer = (value: object): ToolResult => {
  const link = 'resource' in value ? resourceLinkSchema.safeParse(value.resource).data : undefined;
  return {
    content: [
      { type: 'text', text: JSON.stringify(value) },
      ...(link === undefined
        ? []
        : [
            {
              type: 'resource_link' as const,
              ...{ uri: link.uri, name: link.name, mimeType: link.mime_type },
            },
          ]),
    ],
    structuredContent: value as { readonly [key: string]: unknown },
  };
};

const contextOf = (
  { tool, principal, said, signal, progress }: ToolCall,
  { grantVersion }: Allowed,
  { newId }: CallOptions,
): RequestContext => {
  const correlationId = newId();
  const metadata: EventMetadata = {
    principal: principal.name,
    ...said,
    ...(principal.grant !== undefined && { grantId: principal.grant.grantId, grantVersion }),
    tool: tool.id,
    correlationId,
    causationId: correlationId,
  };
  return {
    metadata,
    signal: AbortSignal.any([signal, AbortSignal.timeout(longestCallMs)]),
    progress,
  };
};
