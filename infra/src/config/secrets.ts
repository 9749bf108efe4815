import type { Config } from './schema.ts';

const passwordOf = (address: string | undefined): readonly string[] => {
  const password = /^[a-z+]+:\/\/[^:/@\s]*:(.+)@/.exec(address ?? '')?.[1];
  return password === undefined ? [] : [password];
};

/**
 * Every secret among the settings, as it was given: none of them has a place in a log. Those of
 * SENTINEL_API_KEYS_JSON are forgotten once they are read.
 */
export const secretsOf = (config: Config): readonly string[] => [
  ...[config.DATABASE_URL, config.EVENTSTORE_URL, config.REDIS_URL].flatMap(passwordOf),
  ...[
    config.SENTINEL_MASTER_KEY,
    config.SENTINEL_API_KEY,
    config.ALPACA_API_KEY_ID,
    config.ALPACA_API_SECRET_KEY,
    config.METRICS_TOKEN,
    ...Object.values(config.OTEL_EXPORTER_OTLP_HEADERS ?? {}),
  ].filter((secret) => secret !== undefined),
];
