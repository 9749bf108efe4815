import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { freePort, StartupError } from '../../runtime/index.ts';
import type { Binaries } from './binaries.ts';
import { codeOf, diskFull, saysDiskFull, unless, unusable } from './file-errors.ts';
import { type OperatingUser, runProgram } from './run-program.ts';

/** One cluster on disk: `data` (PostgreSQL's own folder), `settings.json` and `postgres.log`. */
export type Instance = { readonly folder: string; readonly data: string; readonly log: string };

const settingsSchema = z.strictObject({
  port: z.int().min(1).max(65_535),
  password: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Settings = z.output<typeof settingsSchema>;

/** The only role of the cluster; its password is in `settings.json`, which only we can read. */
export const roleName = 'sentinel';

const abandonedAfterMs = 10 * 60_000;

export const instanceIn = (folder: string): Instance => ({
  folder,
  data: join(folder, 'data'),
  log: join(folder, 'postgres.log'),
});

export const readSettings = async ({ folder }: Instance): Promise<Settings> => {
  const text = await readFile(join(folder, 'settings.json'), 'utf8');
  try {
    return settingsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw unusable(folder, 'settings.json is damaged; restore it from a backup', cause);
  }
};

/** Replaced as a whole, so that a reader never sees half of it. */
export const writeSettings = async ({ folder }: Instance, settings: Settings): Promise<void> => {
  const half = join(folder, `settings.${randomUUID()}`);
  await writeFile(half, `${JSON.stringify(settings)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await rename(half, join(folder, 'settings.json'));
};

/** @throws StartupError when the cluster was written by another major version of PostgreSQL. */
export const requireMajor = async (instance: Instance, binaries: Binaries): Promise<void> => {
  const major = (await readFile(join(instance.data, 'PG_VERSION'), 'utf8')).trim();
  if (major === binaries.major) return;
  throw new StartupError(
    `The data in ${instance.folder} was written by PostgreSQL ${major} and this Sentinel brings PostgreSQL ${binaries.major}: start it with the Sentinel that wrote it, or set SENTINEL_DATA_DIR to an empty folder.`,
    { code: 'wrong-postgres-major' },
  );
};

type Creation = {
  readonly folder: string;
  readonly binaries: Binaries;
  readonly user: OperatingUser | undefined;
};

/**
 * Makes the cluster under another name and renames it when it is whole: a first start that was killed
 * half-way leaves nothing that looks like data, and of two that race one simply finds it done.
 */
export const createInstance = async ({ folder, binaries, user }: Creation): Promise<void> => {
  const half = instanceIn(`${folder}.new-${randomUUID()}`);
  try {
    await mkdir(half.folder, { mode: 0o700 });
    await mkdir(half.data, { mode: 0o700 });
    const password = randomBytes(32).toString('hex');
    const passwordFile = join(half.folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
    if (user !== undefined) {
      await chmod(half.folder, 0o711);
      await chown(half.data, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    await initialize(half, passwordFile, { folder, binaries, user });
    await rm(passwordFile);
    await writeSettings(half, { port: await freePort(), password });
    await rename(half.folder, folder);
  } catch (error) {
    await rm(half.folder, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
};

const initialize = async (
  instance: Instance,
  passwordFile: string,
  { folder, binaries, user }: Creation,
) => {
  const { exitCode, output } = await runProgram({
    program: binaries.initdb,
    args: [
      `--pgdata=${instance.data}`,
      `--username=${roleName}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      // Segments are kept whole: small ones let the bound on all of them be a small one.
      '--wal-segsize=4',
      '--no-instructions',
    ],
    user,
    timeoutMs: 120_000,
  });
  if (exitCode === 0) return;
  if (saysDiskFull(output)) throw diskFull(folder);
  if (/Permission denied|Read-only file system/.test(output))
    throw unusable(folder, 'permission denied');
  const why = /(?:error|FATAL): +(.*)/.exec(output)?.[1] ?? `exit code ${exitCode}`;
  throw new StartupError(
    `The database could not be set up in ${folder} (${why}): correct that, or set DATABASE_URL to a PostgreSQL server of your own.`,
    { code: 'database-failed' },
  );
};

/** Removes what first starts that were killed half-way have left beside `folder`. */
export const removeAbandoned = async (folder: string): Promise<void> => {
  const parent = dirname(folder);
  const prefix = `${basename(folder)}.new-`;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    const found = await stat(join(parent, name)).catch(unless('ENOENT', undefined));
    if (
      found === undefined ||
      Temporal.Now.instant().epochMilliseconds - found.mtimeMs < abandonedAfterMs
    )
      continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
};
