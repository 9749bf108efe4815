import { describe, expect, test } from 'vitest';
import { readRedisAddress } from './redis-address.ts';
import { troubleOf } from './trouble.ts';

describe('REDIS_URL', () => {
  test.each([
    ['redis://localhost', 'localhost:6379', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://:p%40ss@10.0.0.1:7000/3', '10.0.0.1:7000', { password: 'p@ss', db: 3 }],
    ['redis://ops:a@b/c@host', 'host:6379', { username: 'ops', password: 'a@b/c' }],
    ['rediss://[::1]:6380', '[::1]:6380', { host: '::1', tls: {} }],
    [
      'rediss://redis.example:6380/',
      'redis.example:6380',
      { tls: { servername: 'redis.example' } },
    ],
  ])('%s is read', (url, shown, connection) => {
    expect(readRedisAddress(url)).toMatchObject({ shown, connection });
  });

  test.each([
    ['redis://', 'must look like'],
    ['redis://host:port', 'must look like'],
    ['redis://canary@host', 'names a user without a password'],
    ['redis://:canary%zz@host', 'has a % that encodes nothing'],
    ['redis://:canary@host?db=1', 'has an option that is not tlsCAFile'],
    ['rediss://:canary@host?tlsCAFile=/no/such', 'names a tlsCAFile that cannot be read (ENOENT'],
    [`redis://:canary@host?tlsCAFile=${import.meta.filename}`, 'names an authority for TLS'],
  ])('%s is refused, without what stands in it', (url, says) => {
    const refusal = (() => {
      try {
        return readRedisAddress(url).shown;
      } catch (error) {
        return `${error}`;
      }
    })();
    expect(refusal).toContain(`REDIS_URL ${says}`);
    expect(refusal).not.toContain('canary');
  });
});

test.each([
  [new Error('WRONGPASS invalid canary'), 'refuses the user or the password of REDIS_URL', true],
  [new Error('NOPERM canary'), 'does not let the user of REDIS_URL do what is needed', true],
  [new Error('LOADING canary'), 'is still loading its data', false],
  [new Error('ERR unknown canary'), 'cannot be reached (ERR)', false],
  [
    Object.assign(new Error('canary'), { code: 'ECONNRESET' }),
    'cannot be reached (ECONNRESET)',
    false,
  ],
  [Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }), 'has a certificate that', true],
  ['canary', 'cannot be reached', false],
])('%s is told by what is known of it alone', (error, words, isMisconfigured) => {
  const told = troubleOf(error);
  expect(told.words).toContain(words);
  expect(told.words).not.toContain('canary');
  expect(told.isMisconfigured).toBe(isMisconfigured);
});
