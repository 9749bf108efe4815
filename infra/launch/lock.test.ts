import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from './lock.mjs';

let folder = '';
const lock = (): string => join(folder, 'lock');
const options = { patienceMs: 5_000, waiting: (): void => undefined };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The id of a process that has just ended. */
const deadProcess = (): number => spawnSync(process.execPath, ['-e', '0']).pid;

test('two that want it at once have it one after the other', async () => {
  let inside = 0;
  let most = 0;
  const waited: number[] = [];
  const work = async (): Promise<number> => {
    inside += 1;
    most = Math.max(most, inside);
    // The first to have it keeps it until both others have been told to wait.
    await vi.waitFor(() => expect(waited).toHaveLength(2), { timeout: 5_000 });
    inside -= 1;
    return inside;
  };
  const waiting = (owner: number): void => {
    waited.push(owner);
  };
  await Promise.all([1, 2, 3].map(() => withLock(lock(), { ...options, waiting }, work)));
  expect(most).toBe(1);
  expect(waited).toEqual([process.pid, process.pid]);
  expect(readdirSync(folder)).toEqual([]);
});

test('it is given back when the work fails', async () => {
  const work = () => Promise.reject(new Error('no disk'));
  await expect(withLock(lock(), options, work)).rejects.toThrow('no disk');
  expect(existsSync(lock())).toBe(false);
});

test('a dead owner is no owner', async () => {
  writeFileSync(lock(), `${deadProcess()}\n`);
  expect(await withLock(lock(), { ...options, patienceMs: 0 }, async () => 'mine')).toBe('mine');
});

test('a living owner is waited for, and then named', async () => {
  writeFileSync(lock(), `${process.ppid}\n`);
  const attempt = withLock(lock(), { ...options, patienceMs: 300 }, async () => 'mine');
  await expect(attempt).rejects.toThrow(/Another start .* remove .*lock/);
  expect(existsSync(lock())).toBe(true);
});

test('a lock without a name is somebody writing, until it is old', async () => {
  writeFileSync(lock(), '');
  const impatient = { ...options, patienceMs: 0 };
  await expect(withLock(lock(), impatient, async () => 'mine')).rejects.toThrow('Another start');
  utimesSync(lock(), 1, 1);
  expect(await withLock(lock(), impatient, async () => 'mine')).toBe('mine');
});
