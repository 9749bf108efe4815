import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './problem.mjs';

/** Below this age, in milliseconds, a lock without a readable owner is one being written. */
const youngMs = 5_000;

/**
 * Runs `work` while holding the lock file at `path`, so that of two starts one installs and the
 * other waits for it. A lock whose owner is dead is taken over. Throws Problem after `patienceMs`.
 * @template Result
 * @param {string} path
 * @param {{ readonly patienceMs: number, readonly waiting: (owner: number) => void }} options
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export const withLock = async (path, options, work) => {
  await acquire(path, options);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
};

/** @param {string} path @param {{ patienceMs: number, waiting: (owner: number) => void }} options */
const acquire = async (path, { patienceMs, waiting }) => {
  const stepMs = 200;
  let told = false;
  for (let waitedMs = 0; waitedMs <= patienceMs; waitedMs += stepMs) {
    if (create(path)) return;
    const holder = read(path);
    if (holder !== undefined && isStale(holder)) {
      remove(path, holder.text);
      if (create(path)) return;
    }
    if (!told && holder !== undefined) {
      waiting(holder.owner);
      told = true;
    }
    await sleep(stepMs);
  }
  throw new Problem(
    `Another start has been installing for ${Math.round(patienceMs / 60_000)} minutes: end it, or remove ${path}, and start again.`,
  );
};

/** @param {string} path */
const create = (path) => {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

/** @param {string} path */
const read = (path) => {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, owner: Number(text), ageMs: Date.now() - statSync(path).mtimeMs };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** @param {{ owner: number, ageMs: number }} holder */
const isStale = ({ owner, ageMs }) => {
  if (!Number.isInteger(owner) || owner <= 0) return ageMs > youngMs;
  try {
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
};

/**
 * Takes a dead owner's lock away. Another may have done so and locked anew since it was read, so
 * the file is moved aside first and looked at again: a living owner's lock is put back.
 * @param {string} path
 * @param {string} expected
 */
const remove = (path, expected) => {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === expected) rmSync(aside);
  else renameSync(aside, path);
};

/** @param {unknown} error */
const codeOf = (error) => (error instanceof Error && 'code' in error ? error.code : undefined);
