import { memoryWorkflowStore, type WorkflowRow } from '@sentinel/infra/workflow-store';
import { expect, test, vi } from 'vitest';
import { holdReplay } from './hold-replay.ts';
import { hastyTimer } from './test-timer.ts';

/** Processes on one store, in a time that goes on as fast as they wait. */
const world = () => {
  const timer = hastyTimer();
  const rows = new Map<string, WorkflowRow>();
  const workflowStore = memoryWorkflowStore({ nowMs: timer.nowMs, rows });
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  const log = { info: say, warn: say, error: say, flush: () => undefined };
  const { signal } = new AbortController();
  const hold = (owner: string, onLost: () => void = () => undefined) =>
    holdReplay({ workflowStore, timer, owner, log, signal, onLost });
  return { hold, rows, said };
};

test('a second replay on one log is refused with a sentence while the first one lives', async () => {
  const { hold, said } = world();
  const release = await hold('first');
  await expect(hold('second')).rejects.toThrow(/Another process replays bars .*: stop that one/);
  expect(said).toEqual(['another process replays on this log: waiting for its end']);
  await release();
});

test('one that stopped leaves its turn at once, and one that was killed after a while', async () => {
  const { hold, rows, said } = world();
  await (await hold('first'))();
  const release = await hold('second');
  expect(said).toEqual([]);
  await release();
  const row = { epoch: 7n, owner: 'killed', expiresMs: 8_000, checkpoint: undefined };
  rows.set('the replay', row);
  await (await hold('third'))();
  expect(said).toHaveLength(1);
});

test('one whose turn another has taken is told, once', async () => {
  const { hold, rows, said } = world();
  const onLost = vi.fn();
  const release = await hold('first', onLost);
  const row = { epoch: 7n, owner: 'other', expiresMs: 1e9, checkpoint: undefined };
  rows.set('the replay', row);
  await vi.waitFor(() => expect(onLost).toHaveBeenCalledOnce());
  expect(said).toEqual(['another process has taken over the replay: this one ends its trading']);
  await release();
  expect(rows.get('the replay')).toEqual(row);
});
