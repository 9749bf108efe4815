import type { Config } from '@sentinel/infra/config';

/** By which names and ways others reach the program. */
export type Reach = {
  /** Where clients find it, such as https://sentinel.example.com; undefined on loopback alone. */
  readonly publicOrigin?: string | undefined;
  /** Further names of hosts by which it is asked. */
  readonly allowedHosts: readonly string[];
  /** Addresses and networks of proxies, whose X-Forwarded-* headers alone are believed. */
  readonly trustedProxies: readonly string[];
  /** Where it listens: a name for callers on this machine, too. */
  readonly host: string;
};

export const reachOf = (config: Config): Reach => ({
  publicOrigin: config.SENTINEL_PUBLIC_URL,
  allowedHosts: config.ALLOWED_HOSTS,
  trustedProxies: config.TRUSTED_PROXIES,
  host: config.HOST,
});

/** As every first minute has it: this machine, by its own names. */
export const loopbackOnly: Reach = { allowedHosts: [], trustedProxies: [], host: '127.0.0.1' };
