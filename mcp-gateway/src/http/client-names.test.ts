import { ReadStoreUnavailable } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import type { Sentinel } from '../sentinel.ts';
import { clientNames } from './client-names.ts';

type Rows = Awaited<ReturnType<Sentinel['accessLists']['grants']>>;

const listing = (grants: () => Promise<unknown>): Pick<Sentinel, 'accessLists'> => ({
  accessLists: { grants: grants as () => Promise<Rows>, keys: async () => [] },
});
const row = (id: string, name: string, minute: number) => ({
  grant: { client: { id, name } },
  changed_at: Temporal.Instant.from(`2026-03-03T17:0${minute}:00Z`),
});

test('a client is named as it was registered last, by the name of the log', async () => {
  const rows = [row('one', 'Claude', 2), row('one', 'Claude of before', 1), row('two', 'Code', 1)];
  const names = await clientNames(
    listing(async () => rows),
    () => undefined,
  );
  expect([...names]).toEqual([
    ['agent:one', 'Claude'],
    ['agent:two', 'Code'],
  ]);
});

test('where the lists cannot be had that is told, and requests can be answered all the same', async () => {
  const errors: unknown[] = [];
  const away = new ReadStoreUnavailable('behind');
  const names = await clientNames(
    listing(() => Promise.reject(away)),
    (error) => errors.push(error),
  );
  expect([names.size, errors]).toEqual([0, [away]]);
});
