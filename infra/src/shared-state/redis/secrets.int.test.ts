import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testAuthority } from '../../event-store/eventstoredb/fake/test-authority.ts';
import { openRedis } from './open-redis.ts';
import { startTestRedis, type TestRedis, whyNoTestRedis } from './test-redis.ts';

const canary = 'canary-7c2f:%@/?#';
const wrongCanary = 'canary-1e9d';

describe.skipIf(whyNoTestRedis !== undefined)(
  `a Redis with TLS and a password${whyNoTestRedis === undefined ? '' : ` (${whyNoTestRedis})`}`,
  () => {
    let server: TestRedis;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sentinel-redis-'));
      const [ours, another] = [testAuthority('Ours'), testAuthority('Another')];
      const { key, certificate } = ours.issue();
      const file = async (name: string, text: string) => {
        await writeFile(join(folder, name), text);
        return join(folder, name);
      };
      await file('another.crt', another.certificate);
      const tls = [
        ...['--tls-cert-file', await file('server.crt', certificate)],
        ...['--tls-key-file', await file('server.key', key)],
        ...['--tls-ca-cert-file', await file('ours.crt', ours.certificate)],
        ...['--tls-auth-clients', 'no', '--requirepass', canary],
      ];
      server = await startTestRedis(tls, (port) => ['--port', '0', '--tls-port', `${port}`]);
    });
    afterAll(async () => {
      await server?.kill();
      await rm(folder, { recursive: true, force: true });
    });
    const address = ({
      user = '',
      password = canary,
      authority = 'ours',
      scheme = 'rediss',
    } = {}) =>
      `${scheme}://${user}:${encodeURIComponent(password)}@localhost:${server.port}/3${
        scheme === 'rediss'
          ? `?tlsCAFile=${encodeURIComponent(join(folder, `${authority}.crt`))}`
          : ''
      }`;

    test.each(['', 'default'])('is used by the user "%s"', async (user) => {
      const said: string[] = [];
      const log = {
        info: (text: string) => said.push(text),
        warn: (text: string) => said.push(text),
      };
      const state = await openRedis({ url: address({ user }), prefix: 'test.', log });
      expect(state.problem()).toBeUndefined();
      expect((await state.count(`of ${user}`, { by: 2, windowMs: 1_000 })).total).toBe(2);
      expect(JSON.stringify([state.where, said])).not.toContain('canary');
      await state.close();
    });

    test('is not used wrongly, and the password stays out of every word', async () => {
      const wrong = [
        [{ password: wrongCanary }, /refuses the user or the password/],
        [{ user: 'who', password: wrongCanary }, /refuses the user/],
        [{ authority: 'another' }, /certificate/],
        [{ scheme: 'redis' }, /cannot be reached|does not answer/],
      ] as const;
      const script = `
        const { openRedis } = await import('${import.meta.dirname}/open-redis.ts');
        const log = { info: console.log, warn: console.error };
        const use = async (url) => {
          const options = { url, prefix: 'test.', log, answerMs: 5_000 };
          const state = await openRedis(options).catch((error) => error);
          console.error(state, JSON.stringify(state), state.stack, state.cause);
          const failed = await state.count?.('x', { by: 1, windowMs: 1000 }).catch((error) => error);
          console.error(failed, JSON.stringify(failed), failed?.stack, failed?.cause);
          return state.message ?? state.problem();
        };
        const urls = ${JSON.stringify(wrong.map(([how]) => address(how)))};
        console.log(JSON.stringify(await Promise.all(urls.map(use))));
        process.exit(0);
      `;
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        ['--input-type=module', '--eval', script],
        { env: { ...process.env, DEBUG: 'ioredis:*,other:*' } },
      );
      const told = JSON.parse(stdout) as readonly string[];
      for (const [n, [, says]] of wrong.entries()) expect(told[n]).toMatch(says);
      for (const secret of [canary, wrongCanary])
        for (const form of [secret, encodeURIComponent(secret)])
          expect(stdout + stderr).not.toContain(form);
    });
  },
);
