import type { ServerContext } from '@modelcontextprotocol/server';
import { type Handlers, messages, type ToolName, tools } from '@sentinel/contracts';
import {
  annotationsOf,
  encodeBy,
  type MessageDefinition,
  type Outcome,
  type RequestContext,
  type Scope,
  type ToolDefinition,
} from '@sentinel/contracts/kernel';
import type { z } from 'zod';
import type { Fixtures, FixtureTool } from './fixtures.ts';
import { usualTools } from './usual-tools.ts';
import { type ObjectSchema, wireSchema } from './wire-schema.ts';

/** A tool as `tools/list` shows it. */
export type ListedTool = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  /** None of a fixture, whose answer has no structure. */
  readonly outputSchema?: ObjectSchema;
  readonly annotations: Omit<ReturnType<typeof annotationsOf>, 'title'>;
};

/** A handler by what all have in common; the message that names it has parsed its input. */
export type AnyHandler = (input: object, context: RequestContext) => Promise<Outcome<object>>;

/** A tool with all that a call needs, made once at boot. */
export type PreparedTool = {
  readonly id: string;
  readonly room: string;
  readonly scope: Scope;
  /** True of what only stops new risk: whoever is let in at all may call it. */
  readonly stops: boolean;
  readonly input: z.ZodType;
  readonly handlerOf: (handlers: Handlers, exchange: ServerContext | undefined) => AnyHandler;
  /** What travels of an answer. */
  readonly encode: (value: object) => object;
  /** Whether an answer is a result of the protocol already, and not the structure that one tells. */
  readonly answersResult: boolean;
  readonly listed: ListedTool;
  /** Whether a caller may say how fresh the answer must be. */
  readonly takesMinPosition: boolean;
  readonly argumentNames: readonly string[];
};

/** Claude's connectors take no dots, and one bad name hides every tool of the server. */
export const wireName = (id: string): string => id.replaceAll('.', '_');

const prepare = (id: ToolName): PreparedTool => {
  const definition: ToolDefinition<keyof typeof messages> = tools[id];
  const message: MessageDefinition = messages[definition.message];
  const inputSchema = wireSchema(message.input, 'arguments');
  const { title: _, ...annotations } = annotationsOf(definition, message);
  return {
    id,
    room: id.slice(0, id.indexOf('.')),
    scope: definition.scope,
    stops: definition.stops === true,
    input: message.input,
    handlerOf: (handlers) => handlers[definition.message] as AnyHandler,
    encode: (value) => encodeBy(message.output, value) as object,
    answersResult: false,
    listed: {
      name: wireName(id),
      title: definition.title,
      description: definition.description,
      inputSchema,
      outputSchema: wireSchema(message.output, 'answers'),
      annotations,
    },
    takesMinPosition: 'min_position' in (inputSchema.properties ?? {}),
    argumentNames: Object.keys(inputSchema.properties ?? {}),
  };
};

const prepareFixture = ({ name, description, input, handle }: FixtureTool): PreparedTool => {
  const inputSchema = wireSchema(input, 'arguments');
  return {
    id: name,
    room: 'conformance',
    scope: 'read',
    stops: false,
    input,
    handlerOf: (_, exchange) => (given, context) => handle(given, context, exchange),
    encode: (value) => value,
    answersResult: true,
    listed: {
      ...{ name, title: name, description, inputSchema },
      annotations: {
        ...{ readOnlyHint: true, destructiveHint: false },
        ...{ idempotentHint: true, openWorldHint: false },
      },
    },
    takesMinPosition: false,
    argumentNames: Object.keys(inputSchema.properties ?? {}),
  };
};

const prepared: readonly PreparedTool[] = (Object.keys(tools) as ToolName[]).map(prepare);
const byName = new Map(
  prepared.flatMap((tool) => [
    [tool.id as string, tool],
    [tool.listed.name, tool],
  ]),
);

/** The part of the surface that one endpoint offers. */
export type Surface = {
  readonly listed: readonly ListedTool[];
  /** Names of tools that answer though the list leaves them out. */
  readonly unlisted: readonly string[];
  /** By its listed or its dotted name; undefined when this surface has no such tool. */
  readonly find: (name: string) => PreparedTool | undefined;
  /** What the protocol's own suites ask for beside the product, where it was started for them. */
  readonly fixtures?: Fixtures | undefined;
};

export type SurfaceFilter = {
  readonly readOnly: boolean;
  /** Rooms to offer, and no other; `all` is every room. Undefined lists the usual tools and offers all. */
  readonly toolsets: readonly string[] | undefined;
};

const offers = (tool: PreparedTool, { readOnly, toolsets }: SurfaceFilter): boolean =>
  (!readOnly || tool.listed.annotations.readOnlyHint) &&
  (toolsets === undefined || toolsets.includes('all') || toolsets.includes(tool.room));

const usual: readonly PreparedTool[] = usualTools.flatMap((id) => byName.get(id) ?? []);

export const surfaceOf = (filter: SurfaceFilter, fixtures?: Fixtures): Surface => {
  const beside = new Map((fixtures?.tools ?? []).map((tool) => [tool.name, prepareFixture(tool)]));
  const offered = prepared.filter((tool) => offers(tool, filter));
  const shown =
    filter.toolsets === undefined ? usual.filter((tool) => offered.includes(tool)) : offered;
  return {
    listed: [...shown, ...beside.values()].map((tool) => tool.listed),
    unlisted: offered.filter((tool) => !shown.includes(tool)).map((tool) => tool.listed.name),
    find: (name) => {
      const tool = byName.get(name);
      return tool !== undefined && offers(tool, filter) ? tool : beside.get(name);
    },
    fixtures,
  };
};

export const rooms: readonly string[] = [...new Set(prepared.map((tool) => tool.room))];
