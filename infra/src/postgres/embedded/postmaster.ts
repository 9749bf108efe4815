import { spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.ts';
import { codeOf, unless } from './file-errors.ts';
import type { Instance } from './instance.ts';
import { cleanEnvironment, type OperatingUser, runProgram } from './run-program.ts';
import { serverSettings } from './server-settings.ts';

export type Postmaster = { readonly pid: number; readonly port: number; readonly ready: boolean };

const logLimitBytes = 8 * 1024 * 1024;
const logTailBytes = 16 * 1024;

/** The server that runs on this cluster now, also one that an earlier Sentinel left behind. */
export const findPostmaster = async ({ data }: Instance): Promise<Postmaster | undefined> => {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(unless('ENOENT', ''));
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !(await servesFolder(pid, data))) return undefined;
  return { pid, port, ready: lines[7]?.trim() === 'ready' };
};

/**
 * Whether `pid` is a server on `data`. The number alone says nothing: after a restart of the machine
 * or the container it belongs to somebody else. A server stands in its data folder and names it.
 */
const servesFolder = async (pid: number, data: string): Promise<boolean> => {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  if (process.platform === 'linux') {
    const folder = await readlink(`/proc/${pid}/cwd`).catch((error: unknown) => {
      if (['ENOENT', 'EACCES', 'EPERM', 'ESRCH'].includes(codeOf(error))) return undefined;
      throw error;
    });
    return folder === (await realpath(data));
  }
  const { output } = await runProgram({
    program: 'ps',
    args: ['-p', `${pid}`, '-o', 'command='],
    timeoutMs: 5_000,
  });
  return output.includes('postgres') && output.includes(data);
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EPERM') return true;
    if (codeOf(error) === 'ESRCH') return false;
    throw error;
  }
};

type Spawning = {
  readonly instance: Instance;
  readonly binaries: Binaries;
  readonly user: OperatingUser | undefined;
  readonly port: number;
};

/**
 * Starts a server in a session of its own, so that a Ctrl-C in our terminal reaches us and not it.
 * Answers undefined once it takes connections, or the last lines of its log when it ended instead.
 * It may take `timeoutMs`: after a crash it first replays its log.
 */
export const spawnPostmaster = async (
  spawning: Spawning,
  timeoutMs: number,
): Promise<string | undefined> => {
  const { instance, binaries, user, port } = spawning;
  if (await isTooLong(instance.log)) await rename(instance.log, `${instance.log}.1`);
  const begin = await stat(instance.log).then(({ size }) => size, unless('ENOENT', 0));
  await rm(join(instance.data, 'postmaster.pid'), { force: true });
  const log = openSync(
    instance.log,
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0),
    0o600,
  );
  const child = spawn(
    binaries.postgres,
    ['-D', instance.data, '-p', `${port}`, ...serverSettings],
    {
      ...user,
      cwd: '/',
      env: cleanEnvironment(),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended = `the server ended with ${signal ?? code}`;
  });
  child.unref();
  for (let waitedMs = 0; waitedMs < timeoutMs && ended === undefined; waitedMs += 10) {
    const found = await findPostmaster(instance);
    if (found?.ready === true && found.pid === child.pid) return undefined;
    await sleep(10);
  }
  const tail = await readTail(instance.log, begin);
  return `${tail}\n${ended ?? `the server was not ready within ${timeoutMs} ms`}`;
};

const isTooLong = async (path: string): Promise<boolean> =>
  (await stat(path).then(({ size }) => size, unless('ENOENT', 0))) > logLimitBytes;

const readTail = async (path: string, begin: number): Promise<string> => {
  const text = await readFile(path);
  return text.subarray(Math.max(begin, text.length - logTailBytes)).toString('utf8');
};

/** Ends the server: open transactions are rolled back, and at most 30 s later it is made to. */
export const stopPostmaster = async ({
  instance,
  binaries,
  user,
}: Omit<Spawning, 'port'>): Promise<void> => {
  for (const mode of ['fast', 'immediate']) {
    if ((await findPostmaster(instance)) === undefined) return;
    const args = ['stop', '-D', instance.data, '-m', mode, '-w', '-t', '30', '-s'];
    await runProgram({ program: binaries.pgCtl, args, user, timeoutMs: 40_000 });
  }
};
