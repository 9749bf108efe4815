import { price, quantity } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import type { OrderChanges } from './commands.ts';
import { holds, kinds, linksOf, replaced, states } from './test-replaces.ts';

const at = (text: string) => price.of(text);
const shares = quantity.fromShares;

const changes: readonly OrderChanges[] = [
  ...[60, 110, 300, 5_000].map((count) => ({ quantity: shares(count) })),
  ...['96', '99', '103', '107'].map((limit) => ({ limitPrice: at(limit) })),
  ...['90', '96', '99.5', '103', '107'].map((stop) => ({ stopPrice: at(stop) })),
  { quantity: shares(5_000), stopPrice: at('97.9') },
  { quantity: shares(5_000), stopPrice: at('102.1') },
  { quantity: shares(60), limitPrice: at('99') },
];

const outcomes = new Map<string, string[]>();

describe.each(Object.entries(kinds))('new terms for a %s', (name, kind) => {
  describe.each(Object.entries(states))('that is %s', (stateName, state) => {
    test.each(
      changes.map(
        (each) =>
          [
            JSON.stringify(each, (___, value) => (typeof value === 'bigint' ? `${value}` : value)),
            each,
          ] as const,
      ),
    )('as %s keep its risk, its links and its stop', (___, wanted) => {
      const { day, order } = kind();
      state({ day, order });
      if (!day.session().working.has(order)) return;
      const [before, links] = [day.session().working.get(order), linksOf(day)];
      const outcome = replaced(day, order, { ...wanted, second: 4 });
      const key = `${name}, ${stateName}`;
      outcomes.set(key, [...(outcomes.get(key) ?? []), outcome]);
      holds(day, order);
      if (outcome !== 'asked') expect(day.session().working.get(order)).toEqual(before);
      expect(linksOf(day)).toEqual(links);
      const stood = before?.triggeredAt === undefined ? undefined : before.stopAt;
      day.quote('100/100.02', 5, { shares: 3 });
      day.quote('100/100.02', 6, { shares: 3 });
      holds(day, order);
      if (stood !== undefined && day.session().working.has(order))
        expect(day.session().orders.get(order)?.stopAt).toBe(stood);
    });
  });
});

test('met all that can come of them, and every kind of order took some', () => {
  const seen = new Set([...outcomes.values()].flat());
  for (const outcome of ['INVALID_ARGUMENT', 'ORDER_NOT_WORKING', 'PER_TRADE_RISK', 'asked'])
    expect(seen).toContain(outcome);
  for (const name of Object.keys(kinds))
    for (const state of ['accepted', 'pending replace', 'unknown'])
      expect(outcomes.get(`${name}, ${state}`), `${name}, ${state}`).toContain('asked');
});
