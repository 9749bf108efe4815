import {
  type AccessRecord,
  type AccessStore,
  AccessStoreUnavailable,
} from '@sentinel/contracts/access';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../runtime/index.ts';

type Made = {
  /** Opens a further store on the same data, as another process would. */
  readonly open: () => AccessStore;
  /** Puts a record of any kind behind its end, as time would. */
  readonly end: (kind: string, id: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
};

const record = (more: Partial<AccessRecord> = {}): AccessRecord => ({
  ...{ kind: 'AccessToken', id: newId(), payload: { scope: 'read', list: [1, null] } },
  ...{ ttlSeconds: 600, family: null, alias: null },
  ...more,
});

type Suite = { readonly one: () => AccessStore; readonly two: () => AccessStore };

const describeEnding = ({ one, two, end }: Suite & Pick<Made, 'end'>): void => {
  test('nobody finds, uses up or counts what has ended, and its place is free', async () => {
    const [kind, alias] = [newId(), newId()];
    const ended = record({ kind, alias });
    await one().put(ended);
    await one().consume(kind, ended.id);
    await end(kind, ended.id);
    expect(await one().find(kind, ended.id)).toBeUndefined();
    expect(await one().findByAlias(kind, alias)).toBeUndefined();
    expect(await one().count(kind)).toBe(0);
    expect(await two().add(record({ kind, id: ended.id }))).toBe(true);
    expect((await one().find(kind, ended.id))?.consumedAt).toBeNull();
    await end(kind, ended.id);
    expect(await one().consume(kind, ended.id)).toBe(false);
    await two().put(ended);
    expect((await one().find(kind, ended.id))?.consumedAt).toBeNull();
  });

  test('a sweep takes what has ended and leaves the rest, with what never ends', async () => {
    const kind = newId();
    const [gone, stays, forever] = [{}, {}, { ttlSeconds: null }].map((more) =>
      record({ kind, ...more }),
    ) as [AccessRecord, AccessRecord, AccessRecord];
    for (const each of [gone, stays, forever]) await one().put(each);
    await end(kind, gone.id);
    await two().sweep();
    expect(await one().count(kind)).toBe(2);
    expect(await one().find(kind, forever.id)).toBeDefined();
  });
};

const describeFinding = ({ one, two }: Suite): void => {
  test('is found by a second name within its kind', async () => {
    const { kind, id, alias } = record({ alias: newId() });
    await one().put(record({ id, alias }));
    expect((await two().findByAlias(kind, `${alias}`))?.id).toBe(id);
    expect(await two().findByAlias('Session', `${alias}`)).toBeUndefined();
  });

  test('a family goes as a whole, of whatever kinds, and no other with it', async () => {
    const family = newId();
    const [token, code, other] = [
      record({ family }),
      record({ kind: 'AuthorizationCode', family }),
      record({ family: newId() }),
    ] as [AccessRecord, AccessRecord, AccessRecord];
    for (const each of [token, code, other]) await one().put(each);
    await two().removeFamily(family);
    expect(await one().find(token.kind, token.id)).toBeUndefined();
    expect(await one().find(code.kind, code.id)).toBeUndefined();
    expect(await one().find(other.kind, other.id)).toBeDefined();
  });
};

/** The contract suite of what logging in and OAuth remember. */
export const describeAccessStore = (name: string, make: () => Promise<Made>): void => {
  describe(name, () => {
    let made: Made;
    let one: AccessStore;
    let two: AccessStore;
    beforeAll(async () => {
      made = await make();
      one = made.open();
      two = made.open();
    });
    afterAll(async () => {
      await made.dispose();
    });

    test('what one process puts another finds, by its kind and id alone', async () => {
      const { kind, id, payload } = record();
      await one.put(record({ id }));
      expect(await two.find(kind, id)).toEqual({ kind, id, payload, consumedAt: null });
      expect(await two.find('RefreshToken', id)).toBeUndefined();
      expect(await two.find(kind, newId())).toBeUndefined();
      await two.remove(kind, id);
      await two.remove(kind, id);
      expect(await one.find(kind, id)).toBeUndefined();
    });

    test('what is put again is the newest, and stays used up', async () => {
      const { kind, id } = record();
      await one.put(record({ id }));
      await one.consume(kind, id);
      await two.put(record({ id, payload: 'anew' }));
      const found = await one.find(kind, id);
      expect(found?.payload).toBe('anew');
      expect(found?.consumedAt).toBeInstanceOf(Temporal.Instant);
    });

    test('of many who use one up at once, exactly one did', async () => {
      const { kind, id } = record();
      await one.put(record({ id }));
      const tries = Array.from({ length: 20 }, (_, at) => (at % 2 ? one : two).consume(kind, id));
      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      expect(await one.consume(kind, newId())).toBe(false);
    });

    test('of many who add the same, exactly one did, and its payload stands', async () => {
      const { kind, id } = record();
      const add = (payload: number) => (payload % 2 ? one : two).add(record({ id, payload }));
      const added = await Promise.all(Array.from({ length: 20 }, (_, at) => add(at)));
      expect(added.filter(Boolean)).toHaveLength(1);
      expect((await two.find(kind, id))?.payload).toBe(added.indexOf(true));
    });

    describeEnding({ one: () => one, two: () => two, end: (...what) => made.end(...what) });

    describeFinding({ one: () => one, two: () => two });

    test('a store that is closed says that it cannot be reached', async () => {
      const closed = made.open();
      await closed.close();
      const { kind, id } = record();
      const calls = [
        () => closed.put(record()),
        () => closed.add(record()),
        () => closed.find(kind, id),
        () => closed.findByAlias(kind, id),
        () => closed.consume(kind, id),
        () => closed.remove(kind, id),
        () => closed.removeFamily(id),
        () => closed.count(kind),
        () => closed.sweep(),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(AccessStoreUnavailable);
    });
  });
};
