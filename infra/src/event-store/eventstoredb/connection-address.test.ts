import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { readConnectionAddress } from './connection-address.ts';
import { openEventStoreDb } from './open-eventstoredb.ts';

const canary = 'canary-7f3a';

describe('the address of the event store', () => {
  test('is read whole', () => {
    expect(
      readConnectionAddress(
        'kurrentdb://ops:p%40ss:word@a:1,b:2/?tls=true&keep_alive_interval=5000',
      ),
    ).toEqual({
      discover: false,
      hosts: [
        { address: 'a', port: 1 },
        { address: 'b', port: 2 },
      ],
      credentials: { username: 'ops', password: 'p@ss:word' },
      options: { tls: 'true', keepAliveInterval: '5000' },
    });
    expect(readConnectionAddress('esdb+discover://cluster.example')).toMatchObject({
      discover: true,
      hosts: [{ address: 'cluster.example', port: 2113 }],
    });
  });

  test.each([
    [`esdb://ops:${canary}@host:port`, 'has a host'],
    [`esdb://ops:${canary}@host?tlsVerifyCert=false`, 'has an option'],
    [`esdb://ops:${canary}@host?tls=maybe`, 'must say tls'],
    [`esdb://ops:${canary}%@host`, 'has a %'],
    [`esdb://ops:${canary}@host?tlsCAFile=/nowhere/ca.crt`, 'names a certificate'],
    [`esdb://ops:${canary}@127.0.0.1:2113?tls=true`, 'names 127.0.0.1 in digits'],
    [`esdb+discover://ops:${canary}@a.example,10.0.0.7`, 'names 10.0.0.7 in digits'],
    [`http://ops:${canary}@host`, 'must look like'],
    [`esdb://ops:${canary}@`, 'must look like'],
  ])('refuses what is wrong and keeps the password to itself: %#', async (url, what) => {
    const printed = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const refused = await openEventStoreDb({ url }).then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(refused?.message).toContain(what);
    expect(`${refused?.stack}${String(refused?.cause)}`).not.toContain(canary);
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  test('may be in digits without TLS', () => {
    expect(readConnectionAddress('esdb://127.0.0.1:1?tls=false').hosts).toHaveLength(1);
  });

  test('keeps the password out of what is said when nobody answers, by the libraries as well', async () => {
    const script = `
      const { openEventStoreDb } = await import('${import.meta.dirname}/index.ts');
      const url = 'esdb://ops:${canary}@localhost:9?tls=true';
      const error = await openEventStoreDb({ url, callMs: 200 }).catch((error) => error);
      console.error(error, JSON.stringify(error));
    `;
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      { env: { ...process.env, DEBUG: 'esdb:*', GRPC_TRACE: 'all', GRPC_VERBOSITY: 'DEBUG' } },
    );
    expect(stderr).toContain('the server at localhost:9 does not answer');
    expect(stdout + stderr).not.toContain(canary);
    expect(stdout + stderr).not.toContain(Buffer.from(`ops:${canary}`).toString('base64'));
  });
});

test('the client library is loaded by nobody who has no address', async () => {
  const script = `
    await import('${import.meta.dirname}/../index.ts');
    const { Module } = await import('node:module');
    console.log(Object.keys(Module._cache).filter((path) => /@eventstore|@grpc/.test(path)).length);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    script,
  ]);
  expect(stdout.trim()).toBe('0');
});
