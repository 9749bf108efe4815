import { randomUUID } from 'node:crypto';
import { access, chmod, constants, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { unless, unusable } from './file-errors.ts';
import { canReach } from './operating-user.ts';
import type { OperatingUser } from './run-program.ts';

/** Where root keeps what another user must reach: nobody but root can write there. */
const rootsPlace = '/var/lib/sentinel';

/**
 * The folder of the cluster that belongs to `dataDir`: `<dataDir>/postgres`. Only when we are root and
 * PostgreSQL's user cannot pass through to it (a home of mode 0700, say), it is a fresh folder under
 * /var/lib/sentinel, and `<dataDir>/postgres-location` holds its path from then on.
 */
export const placeOfInstance = async (
  dataDir: string,
  user: OperatingUser | undefined,
): Promise<string> => {
  const root = resolve(dataDir);
  const made = await mkdir(root, { recursive: true, mode: 0o700 });
  if (made !== undefined && user !== undefined) await chmod(root, 0o711);
  await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
  const recorded = await recordedPlace(root);
  if (recorded !== usualPlace(root) || (await canReach(user, root))) return recorded;
  const elsewhere = join(await privatePlace(root, user), `cluster-${randomUUID()}`);
  await writeFile(pointerIn(root), `${elsewhere}\n`, { flag: 'wx', mode: 0o600, flush: true });
  return elsewhere;
};

const usualPlace = (root: string): string => join(root, 'postgres');
const pointerIn = (root: string): string => join(root, 'postgres-location');

/** Where the cluster of the data folder `root` lies, or would lie if nothing kept PostgreSQL from it. */
export const recordedPlace = async (root: string): Promise<string> => {
  const recorded = await readFile(pointerIn(root), 'utf8').catch(unless('ENOENT', undefined));
  return recorded === undefined ? usualPlace(root) : recorded.trim();
};

/** A folder that PostgreSQL's user can read and only we can write: `dataDir` itself, or root's own place. */
export const privatePlace = async (
  dataDir: string,
  user: OperatingUser | undefined,
): Promise<string> => {
  if (user === undefined) return resolve(dataDir);
  await mkdir(rootsPlace, { recursive: true, mode: 0o755 });
  const { uid, mode } = await stat(rootsPlace);
  if (uid !== 0 || (mode & 0o022) !== 0)
    throw unusable(rootsPlace, 'others than root can write there');
  await chmod(rootsPlace, 0o755);
  if (!(await canReach(user, rootsPlace)))
    throw unusable(rootsPlace, 'PostgreSQL cannot pass through to it');
  return rootsPlace;
};
