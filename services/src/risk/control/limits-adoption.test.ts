import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import {
  testContext,
  testDesk,
  testDigest,
  tuesdayNoon,
} from '../../execution/test-kit/test-desk.ts';
import { ordinaryLimits } from '../fixtures.ts';
import { limitDifferences, limitsAdoption } from './limits-adoption.ts';

const stricter = { ...ordinaryLimits, maxPositionBps: 400, restricted: undefined };

const opened = async () => {
  const desk = testDesk(memoryEventStore({ now: () => tuesdayNoon }));
  await desk.open(desk.limits);
  const adoption = limitsAdoption({
    control: desk.control,
    changes: desk.halting,
    account: 'paper',
    wanted: stricter,
    digest: testDigest,
    now: () => tuesdayNoon,
  });
  return { desk, adoption };
};

describe('the limits of the environment', () => {
  test('are told limit by limit where they differ from those in force', () => {
    expect(limitDifferences(ordinaryLimits, stricter)).toEqual([
      { limit: 'maxPositionBps', inForce: '500', wanted: '400' },
      { limit: 'restricted.notShortable', inForce: '[]', wanted: 'absent' },
      { limit: 'restricted.symbols', inForce: '[]', wanted: 'absent' },
    ]);
    expect(limitDifferences(ordinaryLimits, ordinaryLimits)).toEqual([]);
  });

  test('come into force by an adoption that names what was shown, and by nothing else', async () => {
    const { desk, adoption } = await opened();
    const shown = await adoption.compare();
    expect(shown.inForce.version).toBe(1);
    expect(await adoption.adopt({ digest: 'other' }, testContext.metadata)).toMatchObject({
      ok: false,
      refusal: { code: 'LIMITS_CHANGED' },
    });
    expect(await adoption.adopt(shown, testContext.metadata)).toEqual({
      ok: true,
      value: { version: 2 },
    });
    expect((await adoption.compare()).differences).toEqual([]);
    expect(await adoption.adopt(shown, testContext.metadata)).toMatchObject({ ok: false });
    expect((await desk.control.load()).limits?.limits.maxPositionBps).toBe(400);
  });
});
