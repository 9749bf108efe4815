import { decodeEvent, type EventId, streamName } from '@sentinel/contracts/kernel';
import { strategyEvents } from '@sentinel/contracts/strategy';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, sha256 } from '@sentinel/infra/runtime';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { configurationDigest, definitionOf, instanceFinder } from './instances.ts';
import { parameterRanges } from './parameter-ranges.ts';
import { parametersFor } from './parameters.ts';
import { strategies, strategyPolicyOf } from './registry.ts';
import { evaluateStrategy, type StrategyDefinition } from './strategy.ts';
import { walk } from './test-walks.ts';

const now = Temporal.Instant.from('2026-11-22T07:12:13Z');
const newId = monotonicIds();
const metadata = {
  ...{ principal: 'local:test', client: 'vitest', tool: 'test' },
  ...{ correlationId: 'c', causationId: 'c' },
};
const all: readonly StrategyDefinition[] = Object.values(strategies);

/** Any parameters that a type admits. */
const chosen = ({ parameters }: StrategyDefinition) =>
  fc.record(
    Object.fromEntries(
      Object.keys(parameters).map((name) => {
        const { least, most, whole } = parameterRanges[name as keyof typeof parameterRanges];
        const any = whole
          ? fc.integer({ min: least, max: most })
          : fc.double({ min: least, max: most, noNaN: true });
        return [name, any];
      }),
    ),
  );

/** How many signals there were, by type. */
const judged = new Map<string, number>();

describe.each(all.map((type) => [type.id, type] as const))('the type %s', (_, type) => {
  test('answers by any parameters that it admits, whatever the market did', () => {
    fc.assert(
      fc.property(chosen(type), fc.integer({ min: 1, max: 50_000 }), (given, seed) => {
        const parameters = parametersFor(type, given);
        if (!parameters.ok) throw new Error(parameters.refusal.message);
        const found = evaluateStrategy({ ...type, parameters: parameters.value }, walk(type, seed));
        expect(found.conditions.length).toBeGreaterThan(0);
        judged.set(type.id, (judged.get(type.id) ?? 0) + (found.draft === null ? 0 : 1));
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  test('admits its own parameters, and every one of them has a range', () => {
    expect(parametersFor(type, type.parameters)).toEqual({ ok: true, value: type.parameters });
  });
});

test('signals were among the answers', () => {
  const found = [...judged.values()].reduce((sum, each) => sum + each, 0);
  expect(judged.size).toBe(all.length);
  expect(found).toBeGreaterThan(10);
});

describe('an instance', () => {
  const registered = async (data: object) => {
    const eventStore = memoryEventStore({ now: () => now });
    const event = {
      ...{ id: newId() as EventId, type: 'StrategyRegistered', schemaVersion: 2, metadata },
      data: {
        ...{ strategyId: 'fast', name: 'Fast', description: 'x', type: 'momentum_v1' },
        ...{ policyVersion: 'momentum-1', timeframe: '1Day', state: 'draft', by: null },
        ...{ parameters: {}, reason: null, at: `${now}`, ...data },
      },
    };
    await eventStore.appendToStream(streamName('strategy', 'fast'), [event], 'no-stream');
    return { eventStore, find: instanceFinder(eventStore) };
  };

  test('judges by the rule of its type with its own parameters', async () => {
    const parameters = { ...strategies.momentum_v1.parameters, rewardToRisk: 3 };
    const { find } = await registered({ parameters });
    const fast = await find('fast');
    if (fast === undefined) throw new Error('not found');
    expect(fast).toMatchObject({ id: 'fast', family: 'momentum', policyVersion: 'momentum-1' });
    // A walk in which momentum_v1 buys: stop 56.7 and entry 57.66.
    const input = walk(strategies.momentum_v1, 239);
    const own = evaluateStrategy(strategies.momentum_v1, input).draft;
    const its = evaluateStrategy(fast, input).draft;
    if (own === null || its === null) throw new Error('no signal');
    expect(its.target - its.entry).toBe(((own.target - own.entry) * 3n) / 2n);
  });

  test('is not there for a rule that this program does not know, nor for any other name', async () => {
    const { find } = await registered({ policyVersion: 'momentum-99' });
    expect(await find('fast')).toBeUndefined();
    for (const name of ['nope', 'no such; name', 'constructor', '__proto__'])
      expect(await find(name)).toBeUndefined();
    expect((await find('momentum_v1'))?.policyVersion).toBe('momentum-1');
    for (const unreadable of [{ strategyId: 7 }, { state: 'blessed' }])
      expect(await (await registered(unreadable)).find('fast')).toBeUndefined();
  });

  test('of a registration that named no rule has the first of its type, for good', () => {
    for (const { id, parameters } of all) {
      const old = { ...{ strategyId: id, name: id, description: id, type: id }, parameters };
      const definition = definitionOf({ ...old, policyVersion: null });
      expect(definition && strategyPolicyOf(definition.policyVersion)?.id).toBe(id);
      expect(definition?.policyVersion.endsWith('-1')).toBe(true);
    }
    expect(
      definitionOf({
        ...{ strategyId: 'x', name: 'x', description: 'x', type: 'constructor' },
        ...{ policyVersion: null, parameters: {} },
      }),
    ).toBeUndefined();
  });

  test('has another configuration with any other parameter, and the same in any order', async () => {
    const of = (parameters: StrategyDefinition['parameters']) =>
      configurationDigest({ ...strategies.momentum_v1, parameters }, sha256);
    expect(of({ a: 1, b: 2 })).toBe(of({ b: 2, a: 1 }));
    expect(of({ a: 1, b: 2 })).not.toBe(of({ a: 1, b: 3 }));
    const { eventStore } = await registered({});
    const [first] = await eventStore.readAll();
    if (first === undefined) throw new Error('nothing recorded');
    expect(decodeEvent(strategyEvents, first).data.parameters).toEqual({});
  });
});
