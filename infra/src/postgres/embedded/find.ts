import { resolve } from 'node:path';
import { instanceIn, readSettings } from './instance.ts';
import { connectionStringOf } from './owner-lock.ts';
import { recordedPlace } from './place.ts';
import { findPostmaster } from './postmaster.ts';

export type FoundPostgres = {
  readonly pid: number;
  /** For a second look beside the Sentinel that owns it. It holds the password: never log it. */
  readonly connectionString: string;
};

/**
 * The server that runs on `dataDir` now, whoever started it; undefined when there is none. It
 * changes nothing, and whether the server takes connections yet is not known.
 */
export const findEmbeddedPostgres = async (dataDir: string): Promise<FoundPostgres | undefined> => {
  const instance = instanceIn(await recordedPlace(resolve(dataDir)));
  const found = await findPostmaster(instance);
  if (found === undefined) return undefined;
  const settings = { ...(await readSettings(instance)), port: found.port };
  return { pid: found.pid, connectionString: connectionStringOf(settings, 'sentinel') };
};
