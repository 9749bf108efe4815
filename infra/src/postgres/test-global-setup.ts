import { testDatabaseVariable, testPostgres } from './test-database.ts';

/** Starts the server that all integration tests of this run share, unless one is given from outside. */
export const setup = async (): Promise<(() => Promise<void>) | undefined> => {
  if (process.env[testDatabaseVariable] !== undefined) return undefined;
  const { connectionString, stop } = await testPostgres();
  process.env[testDatabaseVariable] = connectionString;
  return stop;
};
