import { events } from '@sentinel/contracts';
import { z } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { accounts } from './account.ts';

/** What an event that touches the money of an account says of it, at whatever depth. */
const moneyWords = ['cash', 'fee', 'fees', 'reservedCash', 'position', 'positions', 'realizedPnl'];

/** Events that name money and change none, each with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  SessionClosed: 'repeats the books that the events of its session have led to',
};

const namesIn = (schema: unknown): readonly string[] => {
  if (typeof schema !== 'object' || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(namesIn);
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value as object) : []),
    ...namesIn(value),
  ]);
};

const touching = Object.entries(events)
  .filter(([, { schema }]) => {
    const names = namesIn(z.toJSONSchema(schema, { io: 'input' }));
    return moneyWords.some((word) => names.includes(word));
  })
  .map(([type]) => type);

describe('the account view', () => {
  test('folds every event that carries cash, fees, positions or a reservation', () => {
    const folded: readonly string[] = accounts.types;
    expect(
      touching.filter((type) => !folded.includes(type) && !(type in exceptions)),
      'Fold it in account.ts, or give the reason here why it changes nothing.',
    ).toEqual([]);
  });

  test('is asked of events whose schemas do carry them', () => {
    expect(touching).toEqual(
      expect.arrayContaining([
        'SessionOpened',
        'WorkingOrdersCarried',
        'OrderSubmitted',
        'OrderPendingReplace',
        'OrderFilled',
        'BorrowFeeCharged',
        'CorporateActionApplied',
      ]),
    );
    expect(touching).not.toContain('SymbolAdded');
  });

  test('excuses no event that it folds, or that carries none', () => {
    for (const type of Object.keys(exceptions)) {
      expect(touching).toContain(type);
      expect(accounts.types).not.toContain(type);
    }
  });
});
