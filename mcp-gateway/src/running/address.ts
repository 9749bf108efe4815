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

/**
 * Where people and clients find it. Where they log in and no address is set it is a name: browsers take a
 * passkey at no address in digits, and a token is for the one address that a client was told.
 */
export const publicAddressOf = (
  config: Pick<Config, 'HOST' | 'PORT' | 'SENTINEL_PUBLIC_URL' | 'SENTINEL_AUTH_ENABLED'>,
): string =>
  config.SENTINEL_PUBLIC_URL ??
  (config.SENTINEL_AUTH_ENABLED ? `http://localhost:${config.PORT}` : addressOf(config));
