import {
  accepted,
  type EventMetadata,
  type EventStore,
  event,
  LeaseLost,
  streamName,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, systemClock } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { aggregate } from './aggregate.ts';

const stream = streamName('note', 'one');
const definitions = { Noted: event(1, z.strictObject({ text: z.string() })) } as const;
type Noted = { readonly type: 'Noted'; readonly data: { text: string } };
const metadata: EventMetadata = {
  principal: 'test',
  client: 'test',
  tool: 'test',
  correlationId: 'c',
  causationId: 'c',
};

const notes = (eventStore: EventStore) => {
  const of = aggregate({
    eventStore,
    newId: monotonicIds(),
    definitions,
    decider: {
      initialState: 0,
      decide: (text: string) => accepted([{ type: 'Noted' as const, data: { text } }]),
      evolve: (count: number, _: Noted) => count + 1,
    },
  });
  let lost = false;
  const fence = () => {
    if (lost) throw new LeaseLost('notes', 1n);
  };
  return {
    note: (text: string) => of.execute(stream, text, metadata),
    noteUnderLease: (text: string) => of.under(fence).execute(stream, text, metadata),
    lose: () => {
      lost = true;
    },
  };
};

const memory = () => memoryEventStore({ now: systemClock });
const textsIn = async (store: EventStore) =>
  (await store.readStream(stream)).map(({ data }) => (data as Noted['data']).text);

describe('a command under a fence', () => {
  test('is as any other while the lease holds', async () => {
    const store = memory();
    const { noteUnderLease } = notes(store);
    expect(await noteUnderLease('mine')).toMatchObject({ ok: true, value: { state: 1 } });
    expect(await textsIn(store)).toEqual(['mine']);
  });

  test('that is lost while it waits for its turn appends nothing, and holds up nobody beside it', async () => {
    const store = memory();
    let lose = (): void => undefined;
    const slow: EventStore = {
      ...store,
      appendToStream: async (...call) => {
        const appended = await store.appendToStream(...call);
        lose();
        return appended;
      },
    };
    const { note, noteUnderLease, lose: loseIt } = notes(slow);
    lose = loseIt;
    const answers = await Promise.allSettled([
      note('first'),
      note('before'),
      noteUnderLease('late'),
      note('behind'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    ]);
    expect(answers[2]).toMatchObject({ reason: expect.any(LeaseLost) });
    expect(await textsIn(store)).toEqual(['first', 'before', 'behind']);
  });

  test('that is lost while another process was faster is not decided again', async () => {
    const store = memory();
    const other = notes(store);
    let lose = (): void => undefined;
    let taken = false;
    const beaten: EventStore = {
      ...store,
      appendToStream: async (...call) => {
        if (!taken) {
          taken = true;
          await other.note('theirs');
          lose();
        }
        return store.appendToStream(...call);
      },
    };
    const { noteUnderLease, lose: loseIt } = notes(beaten);
    lose = loseIt;
    await expect(noteUnderLease('ours')).rejects.toThrow(LeaseLost);
    expect(await textsIn(store)).toEqual(['theirs']);
  });
});
