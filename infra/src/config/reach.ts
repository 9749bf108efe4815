import { isIP } from 'node:net';
import { z } from 'zod';
import { loopback } from './values.ts';

/** Whether a host, as an address has it, is this machine whatever the network. */
const isLoopback = (hostname: string): boolean => loopback.has(hostname.replace(/^\[|\]$/g, ''));

/** An origin alone: documents of OAuth stand at fixed paths of it, and no proxy has to strip anything. */
const publicUrl = z.string().transform((text, context): string => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isOrigin =
    url !== undefined &&
    `${url.username}${url.password}${url.search}${url.hash}` === '' &&
    url.pathname === '/' &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
  if (isOrigin) return url.origin;
  const message =
    'must be https:// and a host, such as https://sentinel.example.com, without path, query or password; http:// is for loopback alone';
  context.issues.push({ code: 'custom', input: text, message });
  return z.NEVER;
});

/** An issuer is known by its name to the letter, which is also where it says what it is (RFC 8414). */
const issuerName = z
  .string()
  .max(300, 'must have 300 characters at the most')
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return (
      url !== undefined &&
      `${url.username}${url.password}${url.search}${url.hash}` === '' &&
      (url.href === text || url.href === `${text}/`) &&
      (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
    );
  }, 'must be the https address by which the issuer names itself, such as https://login.example.com/realms/desk; http:// is for loopback alone');

const listOf = (isOne: (text: string) => boolean, message: string) =>
  z.string().transform((text, context): readonly string[] => {
    const all = text.split(',').map((each) => each.trim().toLowerCase());
    if (all.every(isOne)) return all;
    context.issues.push({ code: 'custom', input: text, message });
    return z.NEVER;
  });

/** A network of the length 0 is everybody, and then everybody could write who they are. */
const isNetwork = (text: string): boolean => {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return bits > 0 && (length === undefined || (Number(length) > 0 && Number(length) <= bits));
};

const hostName =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** By which names and ways the program is reached. */
export const reachSettings = {
  SENTINEL_PUBLIC_URL: publicUrl.optional(),
  OAUTH_ISSUER: issuerName.optional(),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  TRUSTED_PROXIES: listOf(
    isNetwork,
    'must be addresses or networks parted by commas, such as 127.0.0.1,10.0.0.0/8, and not everybody',
  ).default([]),
  ALLOWED_HOSTS: listOf(
    (text) => hostName.test(text),
    'must be names of hosts parted by commas, without https:// and port',
  ).default([]),
} as const;

type Reached = {
  readonly HOST: string;
  readonly CONFORMANCE: boolean;
  readonly SENTINEL_AUTH_ENABLED: boolean;
  readonly SENTINEL_PUBLIC_URL?: string | undefined;
  readonly OAUTH_ISSUER?: string | undefined;
  readonly TLS_CERT_FILE?: string | undefined;
  readonly TLS_KEY_FILE?: string | undefined;
  readonly TRUSTED_PROXIES: readonly string[];
  readonly ALLOWED_HOSTS: readonly string[];
};

type Problem = { readonly setting: keyof Reached; readonly message: string };

/** What is still to be set before others may reach the program. */
const missingBeyondLoopback = (config: Reached): readonly string[] => [
  ...(config.SENTINEL_AUTH_ENABLED ? [] : ['SENTINEL_AUTH_ENABLED=true']),
  ...(config.SENTINEL_PUBLIC_URL?.startsWith('https:') ? [] : ['SENTINEL_PUBLIC_URL=https://…']),
  ...(config.TLS_CERT_FILE !== undefined || config.TRUSTED_PROXIES.length > 0
    ? []
    : ['TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXIES where a proxy serves HTTPS']),
];

const hostProblem = (config: Reached): Problem | undefined => {
  if (loopback.has(config.HOST)) return undefined;
  const missing = missingBeyondLoopback(config);
  if (missing.length > 0)
    return {
      setting: 'HOST',
      message: `must be a loopback address: any other needs authentication and HTTPS. Still to be set: ${missing.join('; ')}`,
    };
  return config.CONFORMANCE
    ? { setting: 'HOST', message: 'must be a loopback address when CONFORMANCE is 1' }
    : undefined;
};

const tlsProblem = (config: Reached): Problem | undefined => {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, SENTINEL_PUBLIC_URL: url } = config;
  if ((cert === undefined) !== (key === undefined))
    return {
      setting: cert === undefined ? 'TLS_CERT_FILE' : 'TLS_KEY_FILE',
      message: 'must be set too: a certificate and its key go together',
    };
  return cert !== undefined && !url?.startsWith('https:')
    ? {
        setting: 'SENTINEL_PUBLIC_URL',
        message:
          'must be an https address when TLS_CERT_FILE is set: the certificate is for its host',
      }
    : undefined;
};

/** A proxy or a tunnel on this machine lets others in though the program listens on loopback. */
const openProblem = (config: Reached): Problem | undefined => {
  const { SENTINEL_PUBLIC_URL: url, SENTINEL_AUTH_ENABLED: asks } = config;
  const needs = 'must be left out unless SENTINEL_AUTH_ENABLED is true';
  if (!asks && url !== undefined && !isLoopback(new URL(url).hostname))
    return { setting: 'SENTINEL_PUBLIC_URL', message: `${needs}: whoever finds it could trade` };
  if (!asks && config.OAUTH_ISSUER !== undefined)
    return { setting: 'OAUTH_ISSUER', message: `${needs}: without it nobody shows a token` };
  if (!asks && config.ALLOWED_HOSTS.length > 0)
    return { setting: 'ALLOWED_HOSTS', message: `${needs}: pages of that name could trade` };
  return url?.startsWith('https:') &&
    config.TLS_CERT_FILE === undefined &&
    config.TRUSTED_PROXIES.length === 0
    ? {
        setting: 'TRUSTED_PROXIES',
        message:
          'must name the proxy that serves SENTINEL_PUBLIC_URL, such as 127.0.0.1, unless TLS_CERT_FILE and TLS_KEY_FILE are set',
      }
    : undefined;
};

/** Why the program may not be reached as the settings have it; undefined where it may. */
export const whyNotReached = (config: Reached): Problem | undefined =>
  hostProblem(config) ?? tlsProblem(config) ?? openProblem(config);
