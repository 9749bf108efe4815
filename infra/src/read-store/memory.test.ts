import { describeReadModels } from '../contract-tests/read-store.ts';
import { memoryReadModels } from './memory.ts';

describeReadModels('read models in memory', async (views) => {
  const models = memoryReadModels({ views });
  return { ...models, dispose: models.close };
});
