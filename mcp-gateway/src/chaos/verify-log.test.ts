import type { RecordedEvent } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { verifyLog } from './verify-log.ts';

const eventAt = (position: bigint, version: bigint, stream = 'control'): RecordedEvent =>
  ({
    logPosition: position,
    version,
    stream,
    id: `${position}`,
    type: 'LimitsSet',
  }) as unknown as RecordedEvent;
const nothingTold = { acknowledged: new Map(), keys: new Set<string>() };
const sound = [eventAt(1n, 0n), eventAt(2n, 0n, 'watchlist-a'), eventAt(3n, 1n)];

describe('the verdict on a log', () => {
  test('is silent on a sound one', () => {
    expect(verifyLog(sound, nothingTold)).toEqual([]);
  });

  test('sees a hole in the positions and one in a stream', () => {
    expect(verifyLog([eventAt(1n, 0n), eventAt(3n, 1n)], nothingTold)).toEqual([
      'position 3 stands at 2',
    ]);
    const onServer = { ...nothingTold, positionsHaveGaps: true };
    expect(verifyLog([eventAt(10n, 0n), eventAt(30n, 1n)], onServer)).toEqual([]);
    expect(verifyLog([eventAt(30n, 0n), eventAt(10n, 1n)], onServer)).toEqual([
      'position 10 stands at 2',
    ]);
    expect(verifyLog([eventAt(1n, 0n), eventAt(2n, 2n)], nothingTold)).toEqual([
      'control has version 2 where 1 belongs',
    ]);
  });

  test('sees an event that stands twice', () => {
    const twice = [eventAt(1n, 0n), { ...eventAt(2n, 1n), id: '1' } as RecordedEvent];
    expect(verifyLog(twice, nothingTold)).toEqual(['event 1 stands twice']);
  });

  test('sees an acknowledged order that is lost', () => {
    const told = {
      acknowledged: new Map([['a', { orderId: 'o', denied: false }]]),
      keys: new Set(['a']),
    };
    expect(verifyLog(sound, told)).toEqual(['a was acknowledged as o and is lost']);
  });
});
