import { describe, expect, test } from 'vitest';
import { parseConfig } from './index.ts';
import { whyNotReached } from './reach.ts';

const loopback = {
  ...{ HOST: '127.0.0.1', CONFORMANCE: false, SENTINEL_AUTH_ENABLED: false },
  ...{ TRUSTED_PROXIES: [], ALLOWED_HOSTS: [] },
};
const authenticated = { ...loopback, SENTINEL_AUTH_ENABLED: true };
const url = { SENTINEL_PUBLIC_URL: 'https://sentinel.example.com' };
const tls = { TLS_CERT_FILE: 'cert.pem', TLS_KEY_FILE: 'key.pem' };
const proxied = { TRUSTED_PROXIES: ['10.0.0.2'] };
const everywhere = { HOST: '0.0.0.0' };

describe('who may be reached', () => {
  test.each([
    ['loopback without anything', loopback],
    [
      'loopback with HTTPS of its own',
      { ...loopback, ...tls, SENTINEL_PUBLIC_URL: 'https://localhost:3000' },
    ],
    ['loopback behind a tunnel', { ...authenticated, ...url, ...proxied }],
    ['every address with HTTPS of its own', { ...authenticated, ...everywhere, ...url, ...tls }],
    ['every address behind a proxy', { ...authenticated, ...everywhere, ...url, ...proxied }],
    [
      'further hosts',
      { ...authenticated, ...url, ...proxied, ALLOWED_HOSTS: ['other.example.com'] },
    ],
  ])('%s may', (_what, config) => {
    expect(whyNotReached(config)).toBeUndefined();
  });

  test.each([
    [
      { ...loopback, ...everywhere },
      'HOST',
      /SENTINEL_AUTH_ENABLED=true; SENTINEL_PUBLIC_URL.*; TLS_CERT_FILE and TLS_KEY_FILE, or/,
    ],
    [{ ...loopback, ...everywhere, ...url, ...tls }, 'HOST', /be set: SENTINEL_AUTH_ENABLED=true$/],
    [
      { ...authenticated, HOST: '192.0.2.7', ...tls },
      'HOST',
      /be set: SENTINEL_PUBLIC_URL=https:\/\/…$/,
    ],
    [
      { ...authenticated, HOST: '::', ...url },
      'HOST',
      /be set: TLS_CERT_FILE and .* TRUSTED_PROXIES/,
    ],
    [
      { ...authenticated, ...everywhere, ...proxied, SENTINEL_PUBLIC_URL: 'http://localhost' },
      'HOST',
      /SENTINEL_PUBLIC_URL=https/,
    ],
    [{ ...authenticated, ...everywhere, ...url, ...tls, CONFORMANCE: true }, 'HOST', /CONFORMANCE/],
    [{ ...authenticated, ...url, TLS_CERT_FILE: 'x' }, 'TLS_KEY_FILE', /go together/],
    [{ ...authenticated, ...url, TLS_KEY_FILE: 'x' }, 'TLS_CERT_FILE', /go together/],
    [{ ...loopback, ...tls }, 'SENTINEL_PUBLIC_URL', /must be an https address/],
    [
      { ...loopback, ...url, ...proxied },
      'SENTINEL_PUBLIC_URL',
      /must be left out unless SENTINEL_AUTH_ENABLED/,
    ],
    [{ ...loopback, ALLOWED_HOSTS: ['a.example'] }, 'ALLOWED_HOSTS', /must be left out unless/],
    [{ ...authenticated, ...url }, 'TRUSTED_PROXIES', /must name the proxy/],
  ])('%j is refused by %s', (config, setting, message) => {
    expect(whyNotReached(config)).toEqual({ setting, message: expect.stringMatching(message) });
  });
});

describe('the settings of the way here', () => {
  const parsed = (environment: Record<string, string>) => {
    const read = parseConfig(environment);
    return read.ok ? read.value : read.refusal.message;
  };

  test.each([
    ['http://[::1]:3000/', 'http://[::1]:3000'],
    ['HTTP://LocalHost:3000', 'http://localhost:3000'],
  ])('takes the public address %s as %s', (given, taken) => {
    expect(parsed({ SENTINEL_PUBLIC_URL: given })).toMatchObject({ SENTINEL_PUBLIC_URL: taken });
  });

  test.each([
    'http://sentinel.example.com',
    'http://127.0.0.1.example.com',
    'https://user:pass@localhost',
    'https://user@localhost',
    'https://localhost/sentinel',
    'https://localhost/?a=b',
    'https://localhost/#a',
    'ftp://localhost',
    'localhost',
    'https://',
  ])('refuses the public address %s, and does not repeat it', (given) => {
    expect(parsed({ SENTINEL_PUBLIC_URL: given })).toMatch(
      /^SENTINEL_PUBLIC_URL must be https:\/\/ and a host, such as https:\/\/sentinel.example.com, without path/,
    );
  });

  test.each([
    'https://login.example.com',
    'https://login.example.com/',
    'https://login.example.com:8443/realms/desk',
    'http://localhost:8080/realms/desk/',
  ])('takes the issuer %s to the letter', (given) => {
    expect(parsed({ OAUTH_ISSUER: given, SENTINEL_AUTH_ENABLED: 'true' })).toMatchObject({
      OAUTH_ISSUER: given,
    });
    expect(parsed({ OAUTH_ISSUER: given })).toMatch(/^OAUTH_ISSUER must be left out unless/);
  });

  test.each([
    'http://sso.example.com',
    'https://sso.example.com/?a=b',
    'https://sso.example.com/#a',
    'https://user:pass@sso.example.com',
    'https://SSO.example.com',
    'https://sso.example.com/../desk',
    'sso.example.com',
    `https://sso.example.com/${'a'.repeat(300)}`,
  ])('refuses the issuer %s, and does not repeat it', (given) => {
    const told = parsed({ OAUTH_ISSUER: given, SENTINEL_AUTH_ENABLED: 'true' });
    expect(told).toMatch(/^OAUTH_ISSUER must (be the https address|have 300)/);
    expect(told).not.toContain(given);
  });

  test('takes addresses and networks as proxies, and not everybody', () => {
    expect(parsed({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,FD00::/8' })).toMatchObject({
      TRUSTED_PROXIES: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
    });
    for (const bad of [
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/33',
      '::1/129',
      '1',
      'proxy',
      '10.0.0.1,',
      '10.0.0.1/',
      '1.2.3',
    ])
      expect([bad, parsed({ TRUSTED_PROXIES: bad })]).toEqual([
        bad,
        expect.stringContaining('TRUSTED_PROXIES must be addresses or networks'),
      ]);
  });

  test.each(['https://a.example', 'a.example:443', '*.example', 'a..b', '-a', 'a b', 'a/b'])(
    'refuses %s as the name of a host',
    (given) => {
      expect(parsed({ ALLOWED_HOSTS: given })).toContain('ALLOWED_HOSTS must be names of hosts');
    },
  );
});
