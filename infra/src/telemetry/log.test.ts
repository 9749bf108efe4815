import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openLog } from './log.ts';
import { redact } from './redact.ts';

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

const canary = 'c4n4ry-7f3a9b';

test.each([
  `Authorization: Bearer ${canary}`,
  `authorization=Basic ${canary}`,
  `{"password":"${canary} of two words","user":"ops"}`,
  `ALPACA_API_SECRET_KEY=${canary}`,
  `the header {'x-api-key': '${canary}'} was refused`,
  `cookie: session=${canary}; path=/`,
  `GET /?access_token=${canary}&page=2`,
  `METRICS_TOKEN=${canary} METRICS_PORT=9464`,
])('what is named like a secret has no place in the log: %s', (said) => {
  expect(redact(said)).not.toContain(canary);
});

test('what is said beside a secret stays', () => {
  expect(redact('apiKey=abc, page=2')).toBe('apiKey=***, page=2');
  expect(redact('the token of the log is wrong: 7 events')).toBe(
    'the token of the log is wrong: 7 events',
  );
});

test('a known secret reaches neither file nor standard error, whatever is said around it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-log-'));
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(`${text}`);
    return true;
  });
  try {
    const secret = `${canary}/+ $&`;
    const log = openLog(join(folder, 'sentinel.log'), ['', 'or', secret]);
    log.info(`it said ${secret}.`);
    log.warn(`in an address: ${encodeURIComponent(secret)}`);
    log.error('broken', new Error(`by ${secret} or another`));
    log.flush();
    const whole = readFileSync(join(folder, 'sentinel.log'), 'utf8') + said.join('');
    expect(whole).not.toContain(canary);
    expect(whole).toContain('or another');
  } finally {
    write.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
