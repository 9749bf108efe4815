import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { createTestDatabase, migrate } from '@sentinel/infra/postgres';
import { newId, sha256, systemClock, systemTimer } from '@sentinel/infra/runtime';
import { openPostgresWorkflowStore } from '@sentinel/infra/workflow-store';
import { expect, test } from 'vitest';
import { runWorkflows } from './run-workflows.ts';
import { faultyWorld } from './test-kit.ts';
import { cause, mirror, mirrored } from './test-mirror.ts';

const log = { info: () => undefined, warn: () => undefined };
const ttlMs = 1_000;
const keys = ['a', 'b', 'c'];

test('over Postgres a killed process is replaced within three lives of its lease, and each effect made once', async () => {
  const { connectionString, drop } = await createTestDatabase();
  await migrate(connectionString);
  const eventStore = await openPostgresEventStore({ connectionString, now: systemClock, log });
  const stores = [1, 2, 3].map(() => openPostgresWorkflowStore({ connectionString, log }));
  const steppedBy: string[] = [];
  let count = 0;
  const come = async () => {
    await cause(eventStore, keys[count++ % keys.length] ?? '', newId());
  };
  const processes = stores.map((workflowStore, n) => {
    const process = faultyWorld({ eventStore, workflowStore, timer: systemTimer });
    const workflow = mirror(process.eventStore, newId, async (_, work) => {
      steppedBy.push(`process ${n}`);
      await work();
    });
    const workflows = runWorkflows({
      ...process,
      workflows: [workflow],
      digest: sha256,
      owner: `process ${n}`,
      onProblem: () => undefined,
      limits: { ttlMs, pollMs: ttlMs / 4 },
    });
    return { process, workflows };
  });
  try {
    for (let kill = 0; kill < 2; kill++) {
      for (let n = 0; n < 30; n++) await come();
      const holder = () => processes.find(({ workflows }) => workflows.health()[0]?.holds);
      await expect
        .poll(() => holder() !== undefined && steppedBy.length > 0, { timeout: 15_000 })
        .toBe(true);
      const owners = processes.filter(({ workflows }) => workflows.health()[0]?.holds);
      expect(owners).toHaveLength(1);
      const [first] = processes.splice(processes.indexOf(owners[0] as (typeof processes)[0]), 1);
      first?.process.kill();
      const killedMs = performance.now();
      const before = steppedBy.at(-1);
      for (let n = 0; n < 30; n++) await come();
      await expect.poll(() => steppedBy.at(-1), { interval: 10, timeout: 15_000 }).not.toBe(before);
      // The lease's life, a quarter for asking, and the rest for a machine that is busy.
      expect(performance.now() - killedMs).toBeLessThan(3 * ttlMs);
    }
    const end = await eventStore.lastPosition();
    const [last] = processes;
    await expect
      .poll(() => (last?.workflows.health()[0]?.logPosition ?? 0n) >= end, { timeout: 15_000 })
      .toBe(true);
    for (const key of keys) {
      const { causes, effects } = await mirrored(eventStore, key);
      expect(causes).toHaveLength(40);
      expect(effects).toEqual(causes);
    }
  } finally {
    await Promise.all(processes.map(({ workflows }) => workflows.stop()));
    await Promise.all(stores.map((store) => store.close()));
    await eventStore.close();
    await drop();
  }
}, 60_000);
