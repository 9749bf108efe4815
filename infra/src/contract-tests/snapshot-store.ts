import {
  type EventId,
  type LogPosition,
  type Snapshot,
  type SnapshotPlace,
  type SnapshotStore,
  SnapshotStoreUnavailable,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../runtime/index.ts';

type Made = {
  /** Opens a further store on the same data, as another process of this code would. */
  readonly open: (code: string) => SnapshotStore;
  /** Spoils the bytes of a stream's snapshot. */
  readonly damage: (stream: string) => Promise<void>;
  /** Closes all of them and removes what they left. */
  readonly dispose: () => Promise<void>;
};

const fresh = () => streamName('session', newId());
const at = (version: bigint): SnapshotPlace => ({
  version: version as StreamVersion,
  logPosition: (version * 10n ** 38n) as LogPosition,
  eventId: newId() as EventId,
});

const leaf = fc.oneof(
  fc.string(),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, -0, '\0', '\ud83d\udcc8'),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map((ns) => new Temporal.Instant(ns)),
);
/** Everything that a state is made of. */
const value = fc.letrec<{ readonly any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(leaf, tie('any')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(leaf, { maxLength: 4 }).map((entries) => new Set(entries)),
  ),
})).any;

const partsOf = (snapshot: Snapshot | undefined) => snapshot?.parts;

/** The contract suite of stores of snapshots. The store may hold others already. */
export const describeSnapshotStore = (name: string, make: () => Promise<Made>): void => {
  describe(name, () => {
    let made: Made;
    let [one, two, other]: readonly SnapshotStore[] = [];
    const stores = () => {
      if (one === undefined || two === undefined || other === undefined)
        throw new Error('the stores are made before the first test');
      return { one, two, other };
    };
    beforeAll(async () => {
      made = await make();
      [one, two, other] = [made.open('this'), made.open('this'), made.open('other')];
    });
    afterAll(async () => made?.dispose());

    test('there is none of a stream that nobody saved', async () => {
      expect(await stores().one.load(fresh())).toBeUndefined();
    });

    test('any state comes back as it was, for another process too', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(value, { maxLength: 4 }), async (parts) => {
          const stream = fresh();
          const place = at(7n);
          await stores().one.save(stream, place, parts);
          expect(await stores().two.load(stream)).toStrictEqual({ ...place, parts });
        }),
        { numRuns: 60 },
      );
    });

    test('what no state holds is refused, and what was there stays', async () => {
      const stream = fresh();
      await stores().one.save(stream, at(1n), ['kept']);
      for (const wrong of [() => 1, Symbol('s'), new Date(0), /x/u, new Error('e')])
        await expect(stores().one.save(stream, at(2n), [{ wrong }])).rejects.toThrow(TypeError);
      expect(partsOf(await stores().one.load(stream))).toEqual(['kept']);
    });

    test('a later one takes the place of an earlier one, and never the other way round', async () => {
      const stream = fresh();
      await stores().one.save(stream, at(5n), ['five']);
      await stores().two.save(stream, at(9n), ['nine']);
      await stores().one.save(stream, at(6n), ['six']);
      expect(partsOf(await stores().two.load(stream))).toEqual(['nine']);
    });

    test('what other code made is not there, and gives way', async () => {
      const stream = fresh();
      await stores().other.save(stream, at(9n), ['theirs']);
      expect(await stores().one.load(stream)).toBeUndefined();
      await stores().one.save(stream, at(5n), ['ours']);
      expect(partsOf(await stores().one.load(stream))).toEqual(['ours']);
      expect(await stores().other.load(stream)).toBeUndefined();
    });

    test('one that was damaged is not there', async () => {
      const stream = fresh();
      await stores().one.save(stream, at(5n), ['a state', new Map([['n', 1n]])]);
      await made.damage(stream);
      expect(await stores().one.load(stream)).toBeUndefined();
    });

    test('a store that is closed says that it cannot be reached, and others go on', async () => {
      const closed = made.open('this');
      const stream = fresh();
      await closed.save(stream, at(1n), ['kept']);
      await closed.close();
      await expect(closed.load(stream)).rejects.toThrow(SnapshotStoreUnavailable);
      await expect(closed.save(stream, at(2n), [])).rejects.toThrow(SnapshotStoreUnavailable);
      expect(partsOf(await stores().one.load(stream))).toEqual(['kept']);
    });
  });
};
