import { readFileSync } from 'node:fs';
import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, type EventId } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { entriesOf } from './entries.ts';

const busted = (lastQuantity: string) =>
  entriesOf(
    decodeEvent(sessionEvents, {
      ...{ id: 'x' as EventId, type: 'ExecutionBusted', schemaVersion: 1 },
      data: {
        ...JSON.parse(
          readFileSync(
            new URL('../../../../contracts/corpus/ExecutionBusted.v1.json', import.meta.url),
            'utf8',
          ),
        ),
        lastQuantity,
      },
    }),
  );

test('a bust of an execution that nobody had heard of changes none, and asks for no earlier session', () => {
  expect(busted('0')).toEqual([]);
  expect(busted('10')).toMatchObject([{ kind: 'changed', quantity: 0n, price: null }]);
});
