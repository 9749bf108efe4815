import { expect, test } from 'vitest';
import { parseConfig } from './parse.ts';
import { settings } from './schema.ts';
import { secretsOf } from './secrets.ts';

const canary = 'Zq7-canary-0123456789abcdefghijklmnop';

/** How a setting holds a secret, where it is not the whole of it. */
const written: Readonly<Record<string, string>> = {
  DATABASE_URL: `postgres://ops:${canary}@host/db`,
  EVENTSTORE_URL: `esdb://ops:${canary}@host:2113`,
  REDIS_URL: `rediss://:${canary}@host:6379`,
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20x,x-key=${canary}`,
};
/** One keeps no key, only its digest; the other names a file. */
const none = ['SENTINEL_API_KEYS_JSON', 'TLS_KEY_FILE'];
const named = Object.keys(settings).filter(
  (name) => /KEY|TOKEN|SECRET|PASSWORD/.test(name) && !none.includes(name),
);

test.each([...new Set([...named, ...Object.keys(written)])])('%s is known as a secret', (name) => {
  const parsed = parseConfig({ METRICS_PORT: '9464', [name]: written[name] ?? canary });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  expect(secretsOf(parsed.value)).toContain(canary);
});
