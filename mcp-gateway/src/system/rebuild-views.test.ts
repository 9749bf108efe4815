import { type LogPosition, RebuildRunning, type RequestContext } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { memoryReadModels } from '@sentinel/infra/read-store';
import { systemClock } from '@sentinel/infra/runtime';
import { RebuildFailed, viewDefinitions } from '@sentinel/projections';
import { expect, test } from 'vitest';
import { rebuilding } from '../rebuilding.ts';
import type { Rebuild } from '../sentinel.ts';
import { rebuildHandlers } from './rebuild-views.ts';

const said: unknown[] = [];
const context: RequestContext = {
  metadata: {
    ...{ principal: 'local:test', client: 'test', tool: 'projections.rebuild' },
    ...{ correlationId: 'c', causationId: 'c' },
  },
  signal: new AbortController().signal,
  progress: (...step) => said.push(step),
};
const ask = (rebuild: Rebuild, view: string) =>
  rebuildHandlers(rebuild).RebuildViews({ view }, context);

test('a client rebuilds one view or all, and is refused a view that there is not', async () => {
  const rebuild = rebuilding({
    eventStore: memoryEventStore({ now: systemClock }),
    readModels: memoryReadModels({ views: viewDefinitions }),
  });
  const orders = { view: 'orders', log_position: '0', result: 'not-comparable', differences: null };
  expect(await ask(rebuild, 'orders')).toEqual({ ok: true, value: { views: [orders] } });
  expect(await ask(rebuild, 'all')).toMatchObject({
    value: { views: viewDefinitions.map(({ name }) => ({ view: name })) },
  });
  expect(await ask(rebuild, 'nothing')).toMatchObject({ refusal: { code: 'UNKNOWN_VIEW' } });
});

test('what differs, how far it is, and why it does not run is told in words', async () => {
  const differences = {
    ...{ keys: ['a', 'b'], onlyBefore: 1, onlyNow: 0, differing: 2 },
    columns: [{ column: 'cash', rows: 2, is: 'changed' as const }],
  };
  const differing: Rebuild = async ({ by, dryRun }, onProgress) => {
    expect([by, dryRun]).toEqual(['local:test', false]);
    // Positions of a cluster are larger than any number.
    onProgress({
      views: ['orders'],
      done: (5n << 64n) as LogPosition,
      total: (20n << 64n) as LogPosition,
    });
    const comparison = { result: 'different', at: 1n as LogPosition, differences } as const;
    return [
      { table: { view: 'orders', generation: 2 }, logPosition: 9n as LogPosition, comparison },
    ];
  };
  expect(await ask(differing, 'orders')).toMatchObject({
    value: {
      views: [
        {
          result: 'different',
          differences:
            '1 row served before alone; 2 rows differing in cash (changed, 2); first keys: a, b',
        },
      ],
    },
  });
  expect(said).toEqual([[250, 1000, `folded up to ${5n << 64n}`]]);
  const failing = (error: Error) => ask(() => Promise.reject(error), 'orders');
  const running = new RebuildRunning({ views: ['trades'], by: 'npm run rebuild' }, 'noon');
  expect(await failing(running)).toMatchObject({
    refusal: {
      code: 'REBUILD_RUNNING',
      message: expect.stringContaining('npm run rebuild, since'),
    },
  });
  expect(await failing(new RebuildFailed('no'))).toMatchObject({
    refusal: { code: 'REBUILD_FAILED' },
  });
  await expect(failing(new Error('a bug'))).rejects.toThrow('a bug');
});
