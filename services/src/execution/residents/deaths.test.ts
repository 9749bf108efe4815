import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import {
  anUnansweredRequest,
  type Death,
  livingHouse,
  type ResidentName,
  residents,
  toldOf,
  tradingDays,
} from './test-lives.ts';

/** Calls after which a life is over at the latest: its lease, its checkpoint, pages, appends, renewals. */
const longestLife = 40;

/** Deaths before and after each call of a life in turn. */
const deaths = (from: number, most: number) => {
  let lives = from;
  return (): Death | undefined => {
    if (lives >= from + most) return undefined;
    const n = lives++;
    return { nth: 1 + (Math.floor(n / 2) % longestLife), moment: n % 2 === 0 ? 'before' : 'after' };
  };
};

type Lives = {
  readonly from: number;
  readonly killed: number;
  readonly timeoutBps: number | undefined;
};

const livedBy = async (victim: ResidentName, { from, killed, timeoutBps }: Lives) => {
  const house = livingHouse({ victim, nextDeath: deaths(from, killed), timeoutBps });
  await (victim === 'expiry' ? anUnansweredRequest : tradingDays)(house);
  return { told: [...(await toldOf(house))].sort(), struck: house.struck };
};

const venues = [
  ['as the venue answers', undefined],
  ['where the venue leaves half of the orders unanswered', 5_000],
] as const;

describe.each(residents)('%s, killed before and after every call it makes', (victim) => {
  // Requests of humans have nothing to do with the venue, and a quarter of an hour passes for each.
  test.each(victim === 'expiry' ? venues.slice(0, 1) : venues)(
    'loses nothing and does nothing twice, %s',
    async (_, timeoutBps) => {
      const unharmed = await livedBy(victim, { from: 0, killed: 0, timeoutBps });
      expect(unharmed.struck).toEqual([]);
      const wanted = Math.min(200, propertyRuns(10));
      const struck: string[] = [];
      for (let from = 0; struck.length < wanted; from += longestLife) {
        const harmed = await livedBy(victim, { from, killed: longestLife, timeoutBps });
        expect(harmed.told).toEqual(unharmed.told);
        expect(harmed.struck.length).toBeGreaterThan(0);
        struck.push(...harmed.struck);
      }
      expect(new Set(struck).size).toBeGreaterThan(4);
    },
    600_000,
  );
});
