import { EventStoreUnavailable, WorkflowStoreUnavailable } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import type { Fault } from '../../kernel/workflow/test-kit.ts';
import { toldOf, tradingDays, unansweredRequests, windingDown } from './test-days.ts';
import { type Life, livingHouse, type ResidentName, residents } from './test-lives.ts';

/** Faults of which one house meets so many, before or after each call in turn, from the `from`-th on. */
type Faults = {
  readonly longest: number;
  readonly from: (from: number) => () => Life;
};

/** The n-th of a series: before or after which call of a life it strikes. */
const strikeOf = (n: number, longest: number) => ({
  nth: 1 + (Math.floor(n / 2) % longest),
  moment: (n % 2 === 0 ? 'before' : 'after') as Fault['moment'],
});

/** Calls after which a life is over at the latest: its lease, its checkpoint, pages, appends, renewals. */
const longestLife = 40;
const deaths: Faults = {
  longest: longestLife,
  from: (from) => {
    let lives = from;
    return () => {
      if (lives >= from + longestLife) return () => undefined;
      const { nth, moment } = strikeOf(lives++, longestLife);
      return (call) => (call === nth ? { moment } : undefined);
    };
  },
};

/** Longer than a lease lasts and its successor takes to come. */
const stillMs = 4_000;
const ofAStep: ReadonlySet<string> = new Set(['readStream', 'appendToStream']);

/** Pauses in the middle of a step, from which each process goes on as if nothing had been. */
const longestStep = 12;
const pauses: Faults = {
  longest: longestStep,
  from: (from) => {
    let n = from;
    let calls = 0;
    return () => (_, name) => {
      if (n >= from + longestStep || !ofAStep.has(name)) return undefined;
      calls += 1;
      const { nth, moment } = strikeOf(n, longestStep);
      if (calls < nth) return undefined;
      n += 1;
      calls = 0;
      return { moment, stillMs };
    };
  },
};

/** Three calls of ten fail, half of them after having taken effect. */
const failures: Faults = {
  longest: 100,
  from: (from) => () => (call, name) => {
    // A pattern without a rhythm: one that beats in time with the calls could fail the same for ever.
    if ((((call + from) * 2_654_435_761) % 4_294_967_296) % 10 >= 3) return undefined;
    const Unavailable = /acquire|renew|release|heckpoint/.test(name)
      ? WorkflowStoreUnavailable
      : EventStoreUnavailable;
    return { moment: call % 4 < 2 ? 'before' : 'after', error: new Unavailable('gone') };
  },
};

const fates = [
  ['killed before and after every call it makes', deaths, 1],
  ['one of two processes killed so', deaths, 2],
  ['outlasting its lease at any call of a step', pauses, 2],
  ['with calls that fail now and then', failures, 1],
] as const satisfies readonly (readonly [string, Faults, number])[];

const venues = [
  ['as the venue answers', undefined],
  ['where the venue leaves half of the orders unanswered', 5_000],
] as const;

type Lives = {
  readonly processes: number;
  readonly nextLife: () => Life;
  readonly timeoutBps: number | undefined;
};

const storyOf = (victim: ResidentName) =>
  victim === 'expiry'
    ? unansweredRequests
    : victim === 'wind-down-paper'
      ? windingDown
      : tradingDays;

const livedBy = async (victim: ResidentName, lives: Lives) => {
  const house = livingHouse({ victim, ...lives });
  await storyOf(victim)(house);
  expect(house.strays).toEqual([]);
  return { told: [...(await toldOf(house))].sort(), struck: house.struck };
};

describe.each(residents)('%s', (victim) => {
  // Requests of humans have nothing to do with the venue, and how often one tries to get out with its pace.
  const isAnswered = victim === 'expiry' || victim === 'wind-down-paper';
  describe.each(isAnswered ? venues.slice(0, 1) : venues)('%s', (_, timeoutBps) => {
    const lives = { processes: 1, nextLife: () => () => undefined, timeoutBps };
    let unharmed: ReturnType<typeof livedBy> | undefined;

    test.each(fates)(
      'loses nothing and does nothing twice, %s',
      async (_, faults, processes) => {
        unharmed ??= livedBy(victim, lives);
        const { told, struck: none } = await unharmed;
        expect(none).toEqual([]);
        const wanted = Math.min(200, propertyRuns(10));
        const struck: string[] = [];
        for (let from = 0; struck.length < wanted; from += faults.longest) {
          const nextLife = faults.from(from);
          const harmed = await livedBy(victim, { processes, nextLife, timeoutBps });
          expect(harmed.told).toEqual(told);
          expect(harmed.struck.length).toBeGreaterThan(0);
          struck.push(...harmed.struck);
        }
        // On its way to the log, where nothing but the expected version can hold it back.
        if (faults === pauses) expect(struck.join()).toContain('appendToStream');
        expect(new Set(struck).size).toBeGreaterThan(2);
      },
      600_000,
    );
  });
});
