import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type VersionedMap, versionedMap } from './versioned-map.ts';

type Entry = { readonly n: number };
type Step = { readonly from: number; readonly key: string; readonly entry: Entry | null };

const step: fc.Arbitrary<Step> = fc.record({
  from: fc.nat(50),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  entry: fc.option(fc.record({ n: fc.nat(9) })),
});

const sorted = (entries: Iterable<Entry>) => [...entries].map(({ n }) => n).sort();

test('every version, however old, stays what it was, whatever is made of it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(fc.nat(60)), (steps, looks) => {
      const versions: VersionedMap<string, Entry>[] = [versionedMap<string, Entry>()];
      const models: ReadonlyMap<string, Entry>[] = [new Map()];
      const look = (n: number) => {
        const [version, model] = [versions[n % versions.length], models[n % models.length]];
        expect(version?.size).toBe(model?.size);
        expect(sorted(version?.values() ?? [])).toEqual(sorted(model?.values() ?? []));
        for (const key of ['a', 'b', 'c', 'd']) {
          expect(version?.get(key)).toEqual(model?.get(key));
          expect(version?.has(key)).toBe(model?.has(key));
        }
      };
      for (const [index, { from, key, entry }] of steps.entries()) {
        const base = from % versions.length;
        const model = new Map(models[base]);
        if (entry === null) model.delete(key);
        else model.set(key, entry);
        const version = versions[base];
        if (version === undefined) throw new Error('no version');
        versions.push(entry === null ? version.without(key) : version.with(key, entry));
        models.push(model);
        look(looks[index % Math.max(1, looks.length)] ?? 0);
      }
      for (const n of versions.keys()) look(n);
    }),
  );
});
