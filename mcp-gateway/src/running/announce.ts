import { StartupError } from '@sentinel/infra/runtime';
import { version } from '../version.ts';
import { findServer } from './find-server.ts';
import { removeServerFile, type ServerFile, writeServerFile } from './server-file.ts';

/** @throws StartupError when a server runs on this data folder already */
export const refuseSecond = async (dataDir: string): Promise<void> => {
  const found = await findServer(dataDir);
  if (found.is !== 'running') return;
  const { pid, url, started_at: since } = found.server;
  throw new StartupError(
    `Sentinel runs on the data folder ${dataDir} already, as process ${pid} at ${url}, since ${since}: use that one, or end it with "npm run stop". Another Sentinel beside it needs a SENTINEL_DATA_DIR of its own; several on one log need EVENTSTORE_URL and DATABASE_URL.`,
    { code: 'data-dir-in-use' },
  );
};

type Announced = Pick<ServerFile, 'instance' | 'url' | 'port'> & {
  readonly startedAt: Temporal.Instant;
};

/** Writes down where this process listens. Answers how to take that back. */
export const announce = async (
  dataDir: string,
  { startedAt, ...where }: Announced,
): Promise<() => Promise<void>> => {
  const started_at = startedAt.toString({ smallestUnit: 'second' });
  await writeServerFile(dataDir, { ...where, pid: process.pid, started_at, version });
  return () => removeServerFile(dataDir, where);
};
