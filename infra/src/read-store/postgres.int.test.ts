import { describeReadModels } from '../contract-tests/read-store.ts';
import { createTestDatabase } from '../postgres/test-database.ts';
import { postgresReadModels } from './postgres.ts';

const log = { info: () => undefined, warn: () => undefined };

describeReadModels('read models in Postgres', async (views) => {
  const { connectionString, drop } = await createTestDatabase();
  const models = postgresReadModels({ connectionString, views, log });
  const dispose = async () => {
    await models.close();
    await drop();
  };
  return { ...models, dispose };
});
