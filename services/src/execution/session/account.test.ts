import type { StreamName } from '@sentinel/contracts/kernel';
import type { VenueKind } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { buy } from '../../risk/fixtures.ts';
import { testContext, testDesk, tuesdayNoon } from '../test-kit/test-desk.ts';
import { assessedAccount } from './account.ts';

const accountAt = async (venue?: VenueKind) => {
  const desk = testDesk(
    memoryEventStore({ now: () => tuesdayNoon }),
    venue === undefined ? {} : { venue: { venue } },
  );
  await desk.open(desk.limits);
  await desk.sessions.current(testContext.metadata);
  const { state } = await desk.sessions.load('session-paper-2026-03-03' as StreamName);
  if (state.phase !== 'open') throw new Error('no session is open');
  return assessedAccount(state, { intent: buy(1), facts: { at: tuesdayNoon } });
};

test('an assessment knows the venue from the terms of its session, and of older ones nothing', async () => {
  expect(await accountAt('live')).toMatchObject({ venue: 'live' });
  expect(await accountAt('paper')).toMatchObject({ venue: 'paper' });
  expect(await accountAt()).not.toHaveProperty('venue');
});
