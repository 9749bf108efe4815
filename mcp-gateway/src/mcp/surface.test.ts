import { messages, tools } from '@sentinel/contracts';
import type { MessageDefinition, ToolDefinition } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { rooms, surfaceOf } from './surface.ts';

const everything = surfaceOf({ readOnly: false, toolsets: ['all'] });
const usual = surfaceOf({ readOnly: false, toolsets: undefined });

/** Cautious: English takes some four characters a token, JSON of names and braces a little fewer. */
const charactersPerToken = 3.5;
const tokensOf = (value: object): number => JSON.stringify(value).length / charactersPerToken;

const namesOfTheWorkedExample = [
  'watchlist_add',
  'regime_evaluate',
  'strategy_scan',
  'risk_validate_trade',
  'execution_paper_order',
  'portfolio_status',
  'audit_recent_events',
  'audit_explain_trade',
];

/** A schema that only decodes, such as a transform: an answer could not be put on the wire by it. */
const oneWay = (schema: z.core.$ZodType, path: string): readonly string[] => {
  const def = schema._zod.def as z.core.$ZodTypeDef & Readonly<Record<string, unknown>>;
  const isSchema = (value: unknown): value is z.core.$ZodType =>
    typeof value === 'object' && value !== null && '_zod' in value;
  if (def.type === 'transform') return [path];
  const parts = Object.entries(def).flatMap(([key, value]) => {
    if (isSchema(value)) return [[key, value] as const];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).filter((entry): entry is [string, z.core.$ZodType] =>
      isSchema(entry[1]),
    );
  });
  return parts.flatMap(([key, part]) => oneWay(part, `${path}.${key}`));
};

describe('the surface', () => {
  test('names every tool once, by a name that Claude takes', () => {
    const names = everything.listed.map(({ name }) => name);
    expect(names).toHaveLength(Object.keys(tools).length);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });

  test('shows objects at the root, without alternatives, and takes no stranger among the fields', () => {
    for (const { name, inputSchema, outputSchema } of everything.listed) {
      for (const schema of [inputSchema, outputSchema]) {
        expect(schema, name).toMatchObject({ type: 'object', additionalProperties: false });
        for (const word of ['anyOf', 'oneOf', 'allOf', '$ref', '$defs', '$schema']) {
          expect(schema, name).not.toHaveProperty(word);
        }
      }
    }
  });

  test('stays small enough for a model to keep in mind', () => {
    expect(JSON.stringify(everything.listed).length).toBeLessThanOrEqual(120_000);
    for (const { name, description } of everything.listed) {
      expect(description.length, name).toBeLessThanOrEqual(600);
    }
  });

  test('lists what a usual day needs within what a model can spare, and answers to the rest by name', () => {
    const bare = usual.listed.map(({ outputSchema: _, ...tool }) => tool);
    expect(tokensOf(usual.listed)).toBeLessThanOrEqual(22_000);
    expect(tokensOf(bare)).toBeLessThanOrEqual(9_000);
    expect(usual.listed.length).toBeLessThanOrEqual(48);
    const firstForty = usual.listed.slice(0, 40).map(({ name }) => name);
    expect(firstForty).toEqual(expect.arrayContaining(namesOfTheWorkedExample));
    expect([...usual.listed.map(({ name }) => name), ...usual.unlisted].sort()).toEqual(
      everything.listed.map(({ name }) => name).sort(),
    );
    for (const name of usual.unlisted) expect(usual.find(name), name).toBeDefined();
    expect(everything.unlisted).toEqual([]);
  });

  test('promises only answers that can be put on the wire', () => {
    const definitions = Object.entries<MessageDefinition>(messages);
    expect(definitions.flatMap(([name, { output }]) => oneWay(output, name))).toEqual([]);
    // The walk must be able to find one: arguments are full of them.
    expect(oneWay(messages.PlaceOrder.input, 'PlaceOrder')).not.toEqual([]);
  });

  test('offers what looks where it is read-only, and only the rooms that are asked for', () => {
    const readOnly = surfaceOf({ readOnly: true, toolsets: undefined });
    expect(readOnly.listed.length).toBeGreaterThan(5);
    expect(readOnly.listed.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
    expect(readOnly.find('execution_paper_order')).toBeUndefined();
    expect(readOnly.find('execution.paper_order')).toBeUndefined();
    // A proposal may become an order and a backtest may promote: neither merely looks.
    for (const name of ['execution_propose_order', 'backtest_run', 'backtest_cancel'])
      expect(readOnly.find(name), name).toBeUndefined();
    const risk = surfaceOf({ readOnly: false, toolsets: ['risk'] });
    expect(risk.listed.every(({ name }) => name.startsWith('risk_'))).toBe(true);
    expect(risk.find('market_quote')).toBeUndefined();
    expect(rooms).toContain('risk');
  });

  test('says of nothing that it only observes but of commands that whoever may read may call', () => {
    const observing = Object.entries<ToolDefinition<keyof typeof messages>>(tools).filter(
      ([, { observes }]) => observes === true,
    );
    expect(observing.map(([id]) => id)).toEqual([
      'regime.evaluate',
      'strategy.scan',
      'strategy.signal',
      'risk.validate_trade',
      'risk.size_position',
    ]);
    for (const [id, { scope, message, destructive }] of observing)
      expect({ scope, kind: messages[message].kind, destructive }, id).toEqual({
        scope: 'read',
        kind: 'command',
        destructive: undefined,
      });
  });

  test('answers to both names of a tool, and to nothing that objects have by nature', () => {
    expect(everything.find('audit.explain_trade')).toBe(everything.find('audit_explain_trade'));
    for (const name of ['constructor', '__proto__', 'toString', '']) {
      expect(everything.find(name)).toBeUndefined();
    }
  });
});
