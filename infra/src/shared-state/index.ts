export {
  memorySharedState,
  type SharedMemory,
  sharedMemory,
} from './memory/memory-shared-state.ts';
export { openRedis, type RedisOptions } from './redis/open-redis.ts';
export { startTestRedis, type TestRedis, whyNoTestRedis } from './redis/test-redis.ts';
