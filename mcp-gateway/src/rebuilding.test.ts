import { memoryEventStore } from '@sentinel/infra/event-store';
import { memoryReadModels } from '@sentinel/infra/read-store';
import { systemClock } from '@sentinel/infra/runtime';
import { viewDefinitions } from '@sentinel/projections';
import { expect, test } from 'vitest';
import { rebuilding } from './rebuilding.ts';

test('a second rebuild is refused while one runs, and taken once it has ended', async () => {
  const eventStore = memoryEventStore({ now: systemClock });
  const rebuild = rebuilding({
    eventStore,
    readModels: memoryReadModels({ views: viewDefinitions }),
  });
  const order = { view: 'orders', dryRun: false, by: 'a test' };
  const { signal } = new AbortController();
  const ask = () => rebuild(order, () => undefined, signal);
  const first = ask();
  await expect(ask()).rejects.toThrow('a rebuild of orders runs already, for a test');
  expect(await first).toHaveLength(1);
  expect(await ask()).toHaveLength(1);
});
