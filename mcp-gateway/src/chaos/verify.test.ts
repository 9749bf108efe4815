import type { RecordedEvent } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { holesIn, lostOrDoubled } from './verify.ts';

const eventAt = (position: bigint, version: bigint, stream = 's'): RecordedEvent =>
  ({ position, version, stream }) as RecordedEvent;
const sent = (key: string, orderId: string) => ({ key, quantity: '1', orderId });

describe('the verdict on a log', () => {
  test('is silent on a sound one', () => {
    expect(holesIn([eventAt(1n, 0n), eventAt(2n, 0n, 't'), eventAt(3n, 1n)])).toEqual([]);
    expect(lostOrDoubled([sent('a', '1')], [{ orderId: '1', key: 'a' }])).toEqual([]);
  });

  test('sees a hole in the positions and one in a stream', () => {
    expect(holesIn([eventAt(1n, 0n), eventAt(3n, 1n)])).toEqual(['position 3 stands at place 2']);
    expect(holesIn([eventAt(1n, 0n), eventAt(2n, 2n)])).toEqual(['s has version 2 after 0']);
  });

  test('sees an acknowledged order that is lost, and a key that stands there twice', () => {
    const submitted = [
      { orderId: '1', key: 'a' },
      { orderId: '2', key: 'a' },
    ];
    expect(lostOrDoubled([sent('b', '3')], submitted)).toEqual([
      'b was acknowledged and is lost',
      'a stands there twice',
    ]);
  });
});
