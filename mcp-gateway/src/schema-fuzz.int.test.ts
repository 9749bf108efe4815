import { messages, type ToolName, tools } from '@sentinel/contracts';
import { accessEvents } from '@sentinel/contracts/access';
import type { ToolDefinition } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { surfaceOf } from './mcp/index.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await startTestHouse();
}, 60_000);
afterAll(() => house.stop());

const runs = 25;
const odd = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'NVDA',
    '$NVDA',
    'null',
    '[]',
    '{}',
    '0',
    '-1',
    '1e9',
    'true',
    '2026-11-23',
    '9999999999999999999',
  ),
  fc.constantFrom('__proto__', 'constructor', '../../x', '\u0000', '\u202e', 'a'.repeat(5_000)),
  fc.constantFrom(null, 0, -1, 1.5, 2 ** 53, true, false),
  fc.constantFrom([], [null], [[[]]], {}, { $gt: 0 }, { toString: 1 }),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);

type Schema = {
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly unknown[] }>>;
};

/** Names that the tool takes, with values that it may or may not, and now and then a stranger. */
const argumentsOf = (schema: Schema): fc.Arbitrary<object> => {
  const members = Object.entries(schema.properties ?? {}).map(([name, { enum: values }]) => [
    name,
    values === undefined ? odd : fc.oneof(odd, fc.constantFrom(...values)),
  ]);
  return fc
    .tuple(
      fc.record(Object.fromEntries(members), { requiredKeys: [] }),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.dictionary(fc.string(), odd, { maxKeys: 3 }) },
      ),
    )
    .map(([known, strange]) => ({ ...strange, ...known }));
};

const post = async (name: string, args: object) => {
  const response = await fetch(house.url('/mcp'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args },
    }),
  });
  const text = await response.text();
  return { status: response.status, result: JSON.parse(text).result };
};

const logPosition = async (): Promise<string> =>
  (await house.sentinel.components())[0]?.detail ?? '';

const listed = surfaceOf({ readOnly: false, toolsets: ['all'] }).listed;
const byName = new Map(listed.map((tool) => [tool.name, tool]));
const definitions: readonly (readonly [ToolName, ToolDefinition<keyof typeof messages>])[] =
  Object.entries(tools) as [ToolName, ToolDefinition<keyof typeof messages>][];

test.each(definitions)(
  '%s answers or refuses whatever it is given, and a question leaves no event',
  async (name, { message }) => {
    const tool = byName.get(name.replaceAll('.', '_'));
    const isQuestion = messages[message].kind === 'query';
    await fc.assert(
      fc.asyncProperty(argumentsOf((tool?.inputSchema ?? {}) as Schema), async (args) => {
        const before = isQuestion ? await logPosition() : '';
        const { status, result } = await post(name, args);
        expect(status).toBe(200);
        const [{ text }] = result.content;
        if (result.isError) expect(text).toMatch(/^[A-Z_]+: ./);
        else expect(JSON.parse(text)).toEqual(result.structuredContent);
        expect(text).not.toMatch(/^INTERNAL/);
        if (isQuestion) expect(await logPosition()).toBe(before);
      }),
      { numRuns: runs },
    );
  },
  120_000,
);

test('whatever they were given, no tool has given, changed or revoked access', async () => {
  for (const type of Object.keys(accessEvents)) {
    const { result } = await post('audit_recent_events', { type });
    expect([type, result.structuredContent.events]).toEqual([type, []]);
  }
});
