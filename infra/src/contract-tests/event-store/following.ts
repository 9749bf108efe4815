import type { RecordedEvent } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { follow, freshStream, present, readBehind, sampleEvent, sampleEvents } from './samples.ts';
import type { Suite } from './suite.ts';

export const describeFollowing = ({ store }: Suite): void => {
  describe('following the log', () => {
    test('catches up from the middle, says so once, and goes on live', async () => {
      const stream = freshStream();
      await store().appendToStream(stream, sampleEvents(3), 'no-stream');
      const [, middle] = await store().readStream(stream);
      const stop = new AbortController();
      const pages = store()
        .subscribeToAll(present(middle).logPosition, stop.signal)
        [Symbol.asyncIterator]();
      const first = await pages.next();
      expect(first.value).toMatchObject({ caughtUp: true });
      expect(first.value.events.map((event: RecordedEvent) => event.version)).toEqual([2n]);
      const live = pages.next();
      await store().appendToStream(stream, [sampleEvent()], 'any');
      const page = (await live).value;
      expect(page.events).toEqual(
        await store().readStream(stream, { from: page.events[0].version }),
      );
      stop.abort();
      expect(await pages.next()).toMatchObject({ done: true });
    });

    test('at the end of the log it says caughtUp with an empty page', async () => {
      const stop = new AbortController();
      const pages = store()
        .subscribeToAll(await store().lastPosition(), stop.signal)
        [Symbol.asyncIterator]();
      expect((await pages.next()).value).toEqual({ events: [], caughtUp: true });
      const waiting = pages.next();
      stop.abort();
      expect(await waiting).toMatchObject({ done: true });
    });

    test('ends at once when it is aborted before or while it waits', async () => {
      const aborted = AbortSignal.abort();
      const none = [];
      for await (const page of store().subscribeToAll(await store().lastPosition(), aborted))
        none.push(page);
      expect(none).toEqual([]);
    });

    test('a consumer that breaks off or is slow holds up nobody', async () => {
      const after = await store().lastPosition();
      const stop = new AbortController();
      const slow = store().subscribeToAll(after, stop.signal)[Symbol.asyncIterator]();
      await slow.next();
      for await (const page of store().subscribeToAll(after, stop.signal)) if (page.caughtUp) break;
      const quick = follow(store(), after, (seen) => seen.length >= 50);
      for (let n = 0; n < 50; n++)
        await store().appendToStream(freshStream(), [sampleEvent({ n })], 'any');
      const seen = await quick;
      const late: RecordedEvent[] = [];
      while (late.length < 50) late.push(...(await slow.next()).value.events);
      stop.abort();
      expect(seen).toHaveLength(50);
      expect(late).toEqual(seen);
      expect(seen).toEqual(await readBehind(store(), after));
    });
  });
};
