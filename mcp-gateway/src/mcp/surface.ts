import type { ServerContext, Tool } from '@modelcontextprotocol/server';
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
import { z } from 'zod';
import type { Fixtures, FixtureTool } from './fixtures.ts';
import { usualTools } from './usual-tools.ts';

export type ObjectSchema = Tool['inputSchema'];

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

/** What a whole number is without being said: the bounds of the engine's exact integers. */
const largestInteger = Number.MAX_SAFE_INTEGER;

/** What the server's instructions say once of every answer, and the reference of every field. */
const said: ReadonlySet<unknown> = new Set([
  'US dollars, a decimal string',
  'US dollars per share, a decimal string',
  'shares, a decimal string',
  'a decimal string',
  'an instant in UTC, ISO 8601',
  'position in the event log',
  'cursor of the next page; null at the end',
]);

/** What they say once of the arguments that many tools share. */
const saidOfArguments: ReadonlySet<unknown> = new Set([
  'no older than this log position',
  'next_cursor of the page before',
  'an instant, or a date such as 2026-11-23',
  'an instant, or a date, which counts in full',
]);

/** An enumeration longer than this in an answer is told by the reference alone. */
const longestEnumeration = 6;
const patternOfIds = /^\^(\[0-9a-f\]\{8\}-|\\d\{1,39\})/;

/**
 * Takes out what tells a model nothing: bounds that no number meets, how ids are spelt and how long a
 * text may be, which a refusal says where it matters. An answer holds its fields always, and null for what
 * is absent: to name them a second time as required takes a third of a schema and says nothing either.
 */
const shorten = (json: Record<string, unknown>, side: 'arguments' | 'answers'): void => {
  if (json.minimum === -largestInteger) delete json.minimum;
  if (json.maximum === largestInteger) delete json.maximum;
  if (typeof json.pattern === 'string' && patternOfIds.test(json.pattern)) delete json.pattern;
  delete json.minLength;
  delete json.maxLength;
  delete json.propertyNames;
  if (side === 'arguments') {
    if (saidOfArguments.has(json.description)) delete json.description;
    return;
  }
  delete json.pattern;
  delete json.required;
  if (json.additionalProperties === false) delete json.additionalProperties;
  if (Array.isArray(json.enum) && json.enum.length > longestEnumeration) delete json.enum;
  if (said.has(json.description)) delete json.description;
};

/** The wire side of a schema: what travels, which for a codec is its input. */
const wireSchema = (schema: z.ZodType, side: 'arguments' | 'answers'): ObjectSchema => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => shorten(jsonSchema as Record<string, unknown>, side),
  });
  if (json.type !== 'object') throw new Error('the schema of a tool must be an object at its root');
  return { ...json, additionalProperties: false } as ObjectSchema;
};

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
