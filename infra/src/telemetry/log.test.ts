import { existsSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { openLog, redact } from './log.ts';

test.skipIf(!existsSync('/dev/full'))(
  'a full disk under the log ends nothing, and is said once on standard error',
  () => {
    const said: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said.push(`${text}`);
      return true;
    });
    try {
      const log = openLog('/dev/full');
      log.warn('the first');
      log.error('the second', new Error('of some kind'));
    } finally {
      write.mockRestore();
    }
    expect(said.filter((line) => line.includes('the log file cannot be written'))).toHaveLength(1);
    expect(said).toEqual(
      expect.arrayContaining(['sentinel: the first\n', 'sentinel: the second\n']),
    );
  },
);

test.each([
  'esdb://ops:canary@host:2113',
  'esdb+discover://ops:can@canary:@host',
  'postgres://:canary@host/db',
  'kurrentdb://ops:c%40canary/?@a:1,b:2?tls=true',
])('a password in an address has no place in the log: %s', (address) => {
  expect(redact(`no way to ${address} now`)).not.toContain('can');
});

test.each([
  'Bearer canary-1',
  'bearer  canary-1',
  'the key sk_sentinel_abc_can-ary',
  '"sk_sentinel_can"',
])('nor has a credential: %s', (shown) => {
  expect(redact(`there was ${shown} in it`)).not.toContain('can');
});
