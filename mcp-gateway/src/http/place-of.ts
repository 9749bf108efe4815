import type { Config } from '@sentinel/infra/config';
import type { listen } from './listen.ts';

/** Where the settings have it listen, and for which of their proxies many are served at once. */
export const placeOf = (
  {
    HOST: host,
    PORT: port,
    TRUSTED_PROXIES: proxies,
  }: Pick<Config, 'HOST' | 'PORT' | 'TRUSTED_PROXIES'>,
  pair: Parameters<typeof listen>[1]['pair'],
) => ({ host, port, bounds: { proxies }, pair }) satisfies Parameters<typeof listen>[1];
