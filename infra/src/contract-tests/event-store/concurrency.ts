import type { NewEvent, StreamName } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import {
  follow,
  freshStream,
  outcomeOf,
  present,
  readBehind,
  sampleEvent,
  sampleEvents,
} from './samples.ts';
import type { Suite } from './suite.ts';

const callers = 16;
const rounds = 25;

/** One caller: its good appends go through in its own order, and every fourth request is bound to fail. */
const callMany = async (suite: Suite, shared: StreamName): Promise<readonly NewEvent[]> => {
  const own = freshStream();
  const written: NewEvent[] = [];
  for (let round = 0; round < rounds; round++) {
    const events = sampleEvents(1 + (round % 3));
    if (round % 4 === 1) {
      const taken = present(written[0]);
      const doomed = suite
        .store()
        .appendToStream(own, [...events, { ...taken, data: 'changed' }], 'any');
      expect(await outcomeOf(doomed)).toBe('EventIdConflict');
      continue;
    }
    if (round % 4 === 3) {
      expect(await outcomeOf(suite.store().appendToStream(shared, events, 'no-stream'))).toBe(
        'WrongExpectedVersion',
      );
      continue;
    }
    await suite.store().appendToStream(round % 2 === 0 ? own : shared, events, 'any');
    written.push(...events);
  }
  return written;
};

export const describeConcurrency = (suite: Suite): void => {
  const { store, capabilities } = suite;
  describe('many callers at once', () => {
    test('a follower sees every event once and in order while good and bad requests race', async () => {
      const shared = freshStream();
      const after = (await store().appendToStream(shared, [sampleEvent()], 'no-stream'))
        .logPosition;
      const last = sampleEvent({ last: true });
      const following = follow(store(), after, (seen) => seen.at(-1)?.id === last.id);
      const written = await Promise.all(
        Array.from({ length: callers }, () => callMany(suite, shared)),
      );
      await store().appendToStream(shared, [last], 'any');
      const seen = await following;

      const expected = [...written.flat(), last];
      expect(seen.map(({ id }) => id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
      expect(seen).toEqual(await readBehind(store(), after));
      for (const mine of written) {
        const ids = new Set<string>(mine.map(({ id }) => id));
        expect(seen.filter(({ id }) => ids.has(id)).map(({ id }) => id)).toEqual(
          mine.map(({ id }) => id),
        );
      }
      if (capabilities.gapFreePositions) {
        expect(seen.map(({ logPosition }) => logPosition)).toEqual(
          seen.map((_, index) => after + 1n + BigInt(index)),
        );
      }
    });

    test('of many that expect one version, one gets it', async () => {
      const stream = freshStream();
      const outcomes = await Promise.all(
        Array.from({ length: 40 }, () =>
          outcomeOf(store().appendToStream(stream, [sampleEvent()], 'no-stream')),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === 'WrongExpectedVersion')).toHaveLength(39);
      expect(await store().readStream(stream)).toHaveLength(1);
    });

    test('the events of one append stand together', async () => {
      const after = await store().lastPosition();
      const appends = Array.from({ length: 60 }, () => sampleEvents(7));
      await Promise.all(
        appends.map((events) => store().appendToStream(freshStream(), events, 'no-stream')),
      );
      const ids = (await readBehind(store(), after)).map(({ id }) => id);
      for (const events of appends) {
        const at = ids.indexOf(present(events[0]).id);
        expect(ids.slice(at, at + 7)).toEqual(events.map(({ id }) => id));
      }
    });
  });
};
