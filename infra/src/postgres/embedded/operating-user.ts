import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../../runtime/index.ts';
import { type OperatingUser, runProgram } from './run-program.ts';

const userName = 'postgres';

/**
 * The user that PostgreSQL must run as when we are root, which it refuses; made when there is none.
 * Undefined when we are an ordinary user: then it runs as ourselves.
 * @throws StartupError when root can neither find nor make that user.
 */
export const operatingUser = async (): Promise<OperatingUser | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUp();
  if (existing !== undefined) return existing;
  const made = await runProgram({
    program: 'useradd',
    args: [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      userName,
    ],
    timeoutMs: 10_000,
  });
  const user = await lookUp();
  if (user !== undefined) return user;
  throw new StartupError(
    `PostgreSQL refuses to run as root and a user "${userName}" could not be made (${made.output.trim()}): start Sentinel as an ordinary user.`,
    { code: 'no-operating-user' },
  );
};

const lookUp = async (): Promise<OperatingUser | undefined> => {
  const [uid, gid] = await Promise.all([numberOf('-u'), numberOf('-g')]);
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid };
};

const numberOf = async (flag: '-u' | '-g'): Promise<number | undefined> => {
  const { exitCode, output } = await runProgram({
    program: 'id',
    args: [flag, userName],
    timeoutMs: 10_000,
  });
  return exitCode === 0 ? Number(output.trim()) : undefined;
};

/** Whether `user` may pass through `folder` and everything above it. Undefined is ourselves: yes. */
export const canReach = async (
  user: OperatingUser | undefined,
  folder: string,
): Promise<boolean> => {
  if (user === undefined) return true;
  for (let path = folder; ; path = dirname(path)) {
    if (!mayPass(user, await stat(path))) return false;
    if (path === dirname(path)) return true;
  }
};

const mayPass = (
  user: OperatingUser,
  of: { readonly mode: number; readonly uid: number; readonly gid: number },
) => {
  if (of.uid === user.uid) return (of.mode & 0o100) !== 0;
  if (of.gid === user.gid) return (of.mode & 0o010) !== 0;
  return (of.mode & 0o001) !== 0;
};
