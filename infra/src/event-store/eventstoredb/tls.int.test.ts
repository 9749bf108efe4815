import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshStream, sampleEvents } from '../../contract-tests/event-store/samples.ts';
import { openTestFake, type TestFake } from './fake/open-test-fake.ts';
import { testAuthority } from './fake/test-authority.ts';

const canary = 'canary-4d1e:%@/?';
const wrongCanary = 'canary-9b2c';
let fake: TestFake;
let folder: string;

beforeAll(async () => {
  const [ours, another] = [testAuthority('Ours'), testAuthority('Another')];
  folder = await mkdtemp(join(tmpdir(), 'sentinel-tls-'));
  await writeFile(join(folder, 'ours.crt'), ours.certificate);
  await writeFile(join(folder, 'another.crt'), another.certificate);
  fake = await openTestFake({ identity: ours.issue(), password: canary });
});
afterAll(async () => {
  await fake.dispose();
  await rm(folder, { recursive: true });
});

const address = ({ password = canary, authority = 'ours', scheme = 'esdb' } = {}) =>
  `${scheme}://ops:${encodeURIComponent(password)}@localhost:${fake.port}?tls=true&tlsCAFile=${encodeURIComponent(join(folder, `${authority}.crt`))}`;

describe('a server that speaks TLS and knows a password', () => {
  test.each(['esdb', 'esdb+discover'])('takes and gives events over %s', async (scheme) => {
    const store = await fake.open({ url: address({ scheme }), callMs: 5_000 });
    const stream = freshStream();
    const events = sampleEvents(3);
    await store.appendToStream(stream, events, 'no-stream');
    const stands = await store.readStream(stream);
    expect(stands.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    const written = JSON.stringify(stands, (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    expect(written).not.toContain('canary');
  });

  test.each([
    ['signed by an authority that was not named', { authority: 'another' }, /certificate/],
    ['with a wrong password', { password: wrongCanary }, /localhost:\d+ refuses the user "ops"/],
  ])('is not opened %s, and the password stays out of every word', async (_, wrong, says) => {
    const script = `
      const { openEventStoreDb } = await import('${import.meta.dirname}/index.ts');
      const url = ${JSON.stringify(address(wrong))};
      const error = await openEventStoreDb({ url, callMs: 2_000 }).catch((error) => error);
      console.log(error.message);
      console.error(error, JSON.stringify(error), error.stack, String(error.cause));
    `;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { env: { ...process.env, DEBUG: 'esdb:*', GRPC_TRACE: 'all', GRPC_VERBOSITY: 'DEBUG' } },
    );
    expect(stdout).toContain('EVENTSTORE_URL');
    expect(stdout).toMatch(says);
    for (const secret of [canary, wrongCanary]) {
      const basic = Buffer.from(`ops:${secret}`).toString('base64');
      for (const form of [secret, encodeURIComponent(secret), basic])
        expect(stdout + stderr).not.toContain(form);
    }
  });
});
