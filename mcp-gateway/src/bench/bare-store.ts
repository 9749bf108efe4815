import { rm } from 'node:fs/promises';
import { type AppendMeter, openAppendMeter } from '@sentinel/infra/event-store';
import { migrate, startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { ownFolder } from './program.ts';

const silent = { info: () => undefined, warn: () => undefined };

/** The database that the program brings along, in a folder of its own and with nobody in it. */
export const startBareDatabase = async (): Promise<{
  readonly connectionString: string;
  readonly stop: () => Promise<void>;
}> => {
  const dataDir = await ownFolder();
  const { connectionString, stop } = await startEmbeddedPostgres({ dataDir, log: silent });
  await migrate(connectionString);
  return {
    connectionString,
    stop: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** The floor of everything that appends: the same store on the same kind of database, alone. */
export const startBareStore = async (): Promise<
  AppendMeter & { readonly stop: () => Promise<void> }
> => {
  const database = await startBareDatabase();
  const meter = await openAppendMeter(database.connectionString);
  return {
    ...meter,
    stop: async () => {
      await meter.close();
      await database.stop();
    },
  };
};
