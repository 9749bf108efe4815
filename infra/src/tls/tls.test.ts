import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../runtime/index.ts';
import { testAuthority } from '../test-kit/index.ts';
import { checkPair, type PairText } from './check-pair.ts';
import { keepPair } from './keep-pair.ts';

const host = 'sentinel.example.com';
const now = systemClock();
const day = { hours: 24 };
const root = testAuthority();
const between = root.below('Test Between');
const roots = [root.certificate];
const leaf = between.issue({ hosts: [host, '127.0.0.1'] });
const good: PairText = { cert: `${leaf.cert}${between.certificate}`, key: leaf.key };

const problemOf = (text: PairText, asked: string = host): string => {
  const checked = checkPair(text, { host: asked, now, roots });
  return checked.ok ? 'taken' : checked.problem;
};

describe('a certificate and its key', () => {
  test('are taken when they belong together, are in force, cover the host and reach a root', () => {
    const checked = checkPair(good, { host, now, roots });
    expect(checked).toMatchObject({ ok: true, pair: good });
    expect(problemOf({ ...good, cert: `${good.cert}${root.certificate}` })).toBe('taken');
    expect(
      problemOf({ ...good, cert: `Bag Attributes\r\n${good.cert.replaceAll('\n', '\r\n')}` }),
    ).toBe('taken');
    const wild = root.issue({ hosts: ['*.example.com'] });
    expect(problemOf(wild)).toBe('taken');
    expect(problemOf(good, '127.0.0.1')).toBe('taken');
    const alone = testAuthority(host);
    expect(
      checkPair({ cert: alone.certificate, key: leaf.key }, { host, now, roots }),
    ).toMatchObject({
      problem: expect.stringContaining('is not the key'),
    });
  });

  const other = between.issue({ hosts: ['other.example.com'] });
  const expired = between.issue({
    hosts: [host],
    until: now.subtract(day),
    from: now.subtract({ hours: 48 }),
  });
  const early = between.issue({ hosts: [host], from: now.add(day) });
  const spent = root.below('Spent', {
    from: now.subtract({ hours: 48 }),
    until: now.subtract(day),
  });
  const ofSpent = spent.issue({ hosts: [host] });
  const stranger = testAuthority('Stranger');
  const forged = stranger.below('Test Between');
  const encrypted = createPrivateKey(leaf.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' })
    .toString();

  test.each([
    ['no certificate', { ...good, cert: '' }, /^TLS_CERT_FILE holds no certificate/],
    ['a key for a certificate', { ...good, cert: good.key }, /^TLS_CERT_FILE holds no certificate/],
    [
      'a torn certificate',
      { ...good, cert: good.cert.replace(/[\w+/]{40}\n/, '\n') },
      /cannot be read/,
    ],
    ['many certificates', { ...good, cert: good.cert.repeat(6) }, /holds 12 certificates/],
    ['no key', { ...good, key: '' }, /^TLS_KEY_FILE holds no private key/],
    ['a certificate for a key', { ...good, key: good.cert }, /^TLS_KEY_FILE holds no private key/],
    [
      'a key under a passphrase',
      { ...good, key: encrypted },
      /^TLS_KEY_FILE holds a key under a passphrase/,
    ],
    [
      'the key of another',
      { ...good, key: other.key },
      /is not the key of the certificate of CN=sentinel/,
    ],
    [
      'what has ended',
      { ...expired, cert: `${expired.cert}${between.certificate}` },
      /ended on 20\d\d-\d\d-\d\d: renew/,
    ],
    [
      'what has not begun',
      { ...early, cert: `${early.cert}${between.certificate}` },
      /begins on 20/,
    ],
    [
      'an issuer that has ended',
      { ...ofSpent, cert: `${ofSpent.cert}${spent.certificate}` },
      /of CN=Spent .* ended/,
    ],
    [
      'another host',
      { ...other, cert: `${other.cert}${between.certificate}` },
      /is for DNS:other.example.com, and not for sentinel/,
    ],
    [
      'no issuer',
      { ...good, cert: leaf.cert },
      /ends at CN=sentinel.*CN=Test Between\) is no root/,
    ],
    [
      'a root that nobody knows',
      { ...stranger.issue({ hosts: [host] }) },
      /CN=Stranger\) is no root/,
    ],
    [
      'an issuer of the same name that did not sign',
      { ...good, cert: `${leaf.cert}${forged.certificate}` },
      /which it did not sign/,
    ],
    [
      'the wrong order',
      { ...good, cert: `${leaf.cert}${root.certificate}${between.certificate}` },
      /which it did not sign/,
    ],
  ])('are refused with a sentence: %s', (_what, text, message) => {
    expect(problemOf(text)).toMatch(message);
    expect(problemOf(text)).not.toContain(leaf.key.split('\n')[1]);
  });
});

describe('a pair in files', () => {
  let folder = '';
  let [certFile, keyFile] = ['', ''];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-tls-'));
    [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const write = ({ cert, key }: PairText): void => {
    writeFileSync(certFile, cert);
    writeFileSync(keyFile, key);
  };
  const said: string[] = [];
  const log = { info: (line: string) => said.push(line), warn: (line: string) => said.push(line) };
  let clock = now;
  const keep = () => keepPair({ certFile, keyFile, host, now: () => clock, log, roots });

  test('that is not there, or is broken, stops the start with a sentence', async () => {
    await expect(keep()).rejects.toThrow(
      `TLS_CERT_FILE names ${certFile}, and there is no such file.`,
    );
    writeFileSync(certFile, good.cert);
    await expect(keep()).rejects.toThrow(`TLS_KEY_FILE names ${keyFile}, and there`);
    write({ ...good, key: 'x' });
    await expect(keep()).rejects.toThrow('TLS_KEY_FILE holds no private key');
  });

  test('is taken up when both have changed, and kept when the new one is broken', async () => {
    write(good);
    const kept = await keep();
    const taken: string[] = [];
    kept.onChange(({ cert }) => taken.push(cert));
    const next = root.issue({ hosts: [host] });

    // The one file is there, and the other not yet: that is no fault to tell of.
    writeFileSync(certFile, next.cert);
    await kept.look();
    writeFileSync(keyFile, next.key);
    await kept.look();
    expect([said, taken, kept.health().state]).toEqual([[], [], 'ready']);
    await kept.look();
    await kept.look();
    expect(taken).toEqual([next.cert]);
    expect(said).toEqual([expect.stringContaining('A new certificate is served, until 20')]);

    write({ ...next, key: leaf.key });
    for (const _ of [1, 2, 3]) await kept.look();
    expect(kept.current().cert).toBe(next.cert);
    expect(said.slice(1)).toEqual([
      expect.stringContaining('that of before serves on: TLS_KEY_FILE is not'),
    ]);
    expect(kept.health()).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('the new one is not taken: TLS_KEY_FILE is not the key'),
    });
    rmSync(keyFile);
    for (const _ of [1, 2]) await kept.look();
    expect(kept.health().detail).toContain('there is no such file');

    write(next);
    for (const _ of [1, 2]) await kept.look();
    expect(kept.health()).toMatchObject({
      state: 'ready',
      detail: expect.stringContaining(`for ${host} until 20`),
    });
    clock = now.add({ hours: 24 * 31 });
    expect(kept.health()).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('which is over: renew it'),
    });
    clock = now;
  });
});
