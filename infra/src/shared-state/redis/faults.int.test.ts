import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SharedStateUnavailable } from '@sentinel/contracts/kernel';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRedis, type RedisOptions } from './open-redis.ts';
import { startTestProxy, type TestProxy } from './test-proxy.ts';
import { startTestRedis, type TestRedis, whyNoTestRedis } from './test-redis.ts';

const windowMs = 300;
const name = 'orders';

describe.skipIf(whyNoTestRedis !== undefined)(
  `a Redis that fails${whyNoTestRedis === undefined ? '' : ` (${whyNoTestRedis})`}`,
  () => {
    let server: TestRedis;
    let proxy: TestProxy;
    let state: Awaited<ReturnType<typeof openRedis>>;
    let warned: string[];
    const opened: Awaited<ReturnType<typeof openRedis>>[] = [];
    const open = async (url: string, options: Partial<RedisOptions> = {}) => {
      const log = { info: () => undefined, warn: (text: string) => void warned.push(text) };
      const made = await openRedis({
        ...{ url, prefix: 'test.', log, answerMs: 200, lookMs: 50 },
        ...options,
      });
      opened.push(made);
      return made;
    };
    const count = (of = state) => of.count(name, { by: 1, windowMs });
    /** Waits until it can be counted again, or cannot. */
    const counts = (of = state) =>
      expect.poll(() =>
        count(of).then(
          () => 'counted',
          (error: Error) => error.message,
        ),
      );
    const problem = (of = state) => expect.poll(() => of.problem() ?? 'none');

    beforeAll(async () => {
      server = await startTestRedis();
    });
    beforeEach(async () => {
      warned = [];
      proxy = await startTestProxy(server.port);
      state = await open(`redis://127.0.0.1:${proxy.port}`);
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each.close();
      await proxy.close();
    });
    afterAll(async () => {
      await server?.kill();
    });

    test('is killed, and comes back without what was counted', async () => {
      const lease = await state.acquire('work', 'a', 60_000);
      const heard: string[] = [];
      state.listen('views', (text) => heard.push(text));
      await count();
      await server.kill();
      await problem().toMatch(/cannot be reached/);
      await expect(count()).rejects.toThrow(SharedStateUnavailable);
      await expect(state.acquire('work', 'a', 60_000)).rejects.toThrow(SharedStateUnavailable);
      state.tell('views', 'lost');
      await server.restart();
      await problem().toBe('none');
      await expect(state.count('all day', { by: 1, windowMs: 86_400_000 })).rejects.toThrow(
        /has lost its data/,
      );
      await counts().toBe('counted');
      expect(await state.renew('work', lease?.token ?? 0n, 60_000)).toBe(false);
      const next = await state.acquire('work', 'b', 60_000);
      expect(next?.token).toBeGreaterThan(lease?.token ?? 0n);
      state.tell('views', 'heard');
      await expect.poll(() => heard).toEqual(['heard']);
      expect(warned.join('\n')).toMatch(/cannot be reached.*has lost what was counted/s);
    });

    test('hangs: every call ends within its bound, and what was asked counts afterwards', async () => {
      proxy.hang();
      await expect(count()).rejects.toThrow(/does not answer in time/);
      await problem().toMatch(/does not answer/);
      await expect(state.renew('work', 1n, 1)).rejects.toThrow(SharedStateUnavailable);
      proxy.flow();
      await problem().toBe('none');
      await counts().toBe('counted');
    });

    test('hangs while nobody asks: it is known all the same', async () => {
      proxy.hang();
      await problem().toMatch(/does not answer/);
    });

    test('answers on new connections alone, and says so to all who waited on the old ones', async () => {
      const said: Promise<string>[] = [];
      const told = ({ message }: Error) => message;
      const ask = () => void said.push(count().then(() => 'counted', told));
      proxy.strand();
      ask();
      const asking = setInterval(ask, 20);
      expect(await said[0]).toMatch(/does not answer in time/);
      clearInterval(asking);
      for (const each of await Promise.all(said))
        expect(each).toMatch(/does not answer in time|^counted$/);
      await problem().toBe('none');
      const heard: string[] = [];
      state.listen('views', (text) => heard.push(text));
      state.tell('views', 'heard');
      await expect.poll(() => heard).toEqual(['heard']);
    });

    test('is killed and comes back with data that may be old', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'sentinel-redis-'));
      const keeping = await startTestRedis(['--appendonly', 'yes', '--dir', folder]);
      const kept = await open(keeping.url);
      await count(kept);
      await keeping.kill();
      await keeping.restart();
      await problem(kept).toBe('none');
      await expect(kept.count('all day', { by: 1, windowMs: 86_400_000 })).rejects.toThrow(
        /has lost its data/,
      );
      await keeping.kill();
      await rm(folder, { recursive: true });
    });

    test('is slower than its bound, and is then as if it were away', async () => {
      proxy.slow(400);
      await expect(count()).rejects.toThrow(/does not answer in time/);
      proxy.flow();
      await problem().toBe('none');
    });

    test('is emptied: counts are refused for one window, then whole again', async () => {
      await count();
      const admin = new Redis(server.url);
      await admin.flushall();
      admin.disconnect();
      await expect(state.count('all day', { by: 1, windowMs: 86_400_000 })).rejects.toThrow(
        /has lost its data/,
      );
      await counts().toBe('counted');
    });

    test('becomes a replica that takes no writes, and is made a master again', async () => {
      const admin = new Redis(server.url);
      await admin.replicaof('127.0.0.1', '1');
      await expect(count()).rejects.toThrow(/is a read-only replica/);
      await problem().toMatch(/is a read-only replica/);
      await admin.replicaof('NO', 'ONE');
      admin.disconnect();
      await problem().toBe('none');
      await counts().toBe('counted');
    });

    test('asks for another password than before, until it does not', async () => {
      const admin = new Redis(server.url);
      await admin.config('SET', 'requirepass', 'another');
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await problem().toMatch(/asks for a password that REDIS_URL does not give/);
      await expect(count()).rejects.toThrow(SharedStateUnavailable);
      await admin.config('SET', 'requirepass', '');
      admin.disconnect();
      await problem().toBe('none');
      await counts().toBe('counted');
    });

    test('has no memory left', async () => {
      const admin = new Redis(server.url);
      await admin.config('SET', 'maxmemory', '1');
      await expect(count()).rejects.toThrow(/has no memory left/);
      await admin.config('SET', 'maxmemory', '0');
      admin.disconnect();
      await counts().toBe('counted');
    });

    test('is not there at the start, and is found once it comes', async () => {
      await server.kill();
      const early = await open(server.url);
      expect(early.problem()).toMatch(/cannot be reached \(ECONNREFUSED\)/);
      await expect(count(early)).rejects.toThrow(SharedStateUnavailable);
      await server.restart();
      await counts(early).toBe('counted');
    });

    test('hangs at the start, which goes on without it', async () => {
      proxy.hang();
      const early = await open(`redis://127.0.0.1:${proxy.port}`);
      expect(early.problem()).toBeDefined();
      proxy.flow();
      await counts(early).toBe('counted');
    });
  },
);
