import type { Config } from '@sentinel/infra/config';

/** Where the settings have a server listen. */
export const addressOf = ({ HOST, PORT }: Pick<Config, 'HOST' | 'PORT'>): string =>
  `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
