import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { describeSharedState } from '../../contract-tests/shared-state.ts';
import { openRedis } from './open-redis.ts';
import { startTestRedis, type TestRedis, whyNoTestRedis } from './test-redis.ts';

const log = { info: () => undefined, warn: () => undefined };

if (whyNoTestRedis !== undefined) {
  describe.skip(`what gateways share, in a Redis (${whyNoTestRedis})`, () => {
    test.todo('the contract suite');
  });
} else {
  let server: TestRedis;
  let admin: Redis;
  beforeAll(async () => {
    server = await startTestRedis();
    admin = new Redis(server.url);
  });
  afterAll(async () => {
    admin?.disconnect();
    await server?.kill();
  });
  describeSharedState('what gateways share, in a Redis', async () => ({
    open: () => openRedis({ url: server.url, prefix: 'test.', log }),
    forget: async () => void (await admin.flushall()),
    dispose: async () => undefined,
  }));
}
