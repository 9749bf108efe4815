import { readConfig } from '@sentinel/infra/config';
import type { ProgramLog } from '@sentinel/infra/telemetry';
import { afterEach, expect, test } from 'vitest';
import { openWatching, type Watching } from './watching.ts';

const log: ProgramLog = {
  ...{ info: () => undefined, warn: () => undefined },
  ...{ error: () => undefined, flush: () => undefined },
};

let watching: Watching | undefined;
afterEach(() => watching?.stop());

test.each([
  ['0', false],
  ['1', true],
])('the share of the settings, %s, is that by which traces are recorded', async (share, is) => {
  const parsed = readConfig({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: share,
  });
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  watching = await openWatching(parsed.value.config, { instance: 'this', log });
  // It is left under way: no collector is waited for.
  const { traceparent } = watching.telemetry.begin({ method: 'tools/call' });
  expect(traceparent?.endsWith('-01')).toBe(is);
});
