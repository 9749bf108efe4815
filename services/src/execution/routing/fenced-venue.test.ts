import type { Venue, VenueView } from '@sentinel/contracts/execution';
import { LeaseLost } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { workingInTurn } from '../session/index.ts';
import { tradingDay } from '../session/test-day.ts';
import { fencedVenue } from './fenced-venue.ts';

test('nothing is sent to a venue once the lease is lost, and what it says is heard all the same', async () => {
  const day = tradingDay();
  day.place({ shares: 10 });
  const [order] = workingInTurn(day.session());
  if (order === undefined) throw new Error('no order works');
  const sent: string[] = [];
  const venue: Venue<VenueView> = {
    answersWithinMs: () => null,
    submit: async () => void sent.push('submit'),
    replace: async () => void sent.push('replace'),
    cancel: async () => void sent.push('cancel'),
    query: async () => null,
    massStatus: async () => [],
    collect: async () => ({ reports: [], taken: () => undefined }),
  };
  let lost = false;
  const fenced = fencedVenue(venue, () => {
    if (lost) throw new LeaseLost('venue', 1n);
  });
  const sending = [fenced.submit, fenced.replace, fenced.cancel];
  for (const send of sending) await send(day.session(), order);
  expect(sent).toEqual(['submit', 'replace', 'cancel']);
  lost = true;
  for (const send of sending)
    await expect(send(day.session(), order)).rejects.toBeInstanceOf(LeaseLost);
  expect(sent).toHaveLength(3);
  expect(await fenced.massStatus(day.session())).toEqual([]);
});
