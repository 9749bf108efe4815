import type { Config } from '@sentinel/infra/config';

const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Where a command on this machine finds a server of these settings. Over plain HTTP whatever others use:
 * a connection that does not leave the machine is served without HTTPS.
 */
export const addressOf = ({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): string => {
  const host = everywhere[HOST] ?? HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
};

/** Where people and clients find it. */
export const publicAddressOf = (
  config: Pick<Config, 'HOST' | 'PORT' | 'SENTINEL_PUBLIC_URL'>,
): string => config.SENTINEL_PUBLIC_URL ?? addressOf(config);
