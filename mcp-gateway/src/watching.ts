import type { Config } from '@sentinel/infra/config';
import { openTelemetry, type ProgramLog, type Telemetry } from '@sentinel/infra/telemetry';
import { listen } from './http/listen.ts';
import { metricsApp } from './http/metrics-door.ts';
import { version } from './version.ts';

/** Telemetry as the settings ask for it, and where it is read. */
export type Watching = {
  readonly telemetry: Telemetry;
  /** Ends both; what is left to send is sent, within a bound. */
  readonly stop: () => Promise<void>;
};

/** Where a kind of signal is sent: its own address, or the common one with the path of the standard. */
const addressOf = (own: string | undefined, common: string | undefined, path: string) =>
  own ?? (common === undefined ? undefined : `${common.replace(/\/$/, '')}/${path}`);

/**
 * Opens what the settings ask for. Metrics have a port of their own: what is open to the world never
 * serves them. @throws StartupError where that port cannot be had
 */
export const openWatching = async (
  config: Config,
  { instance, log }: { readonly instance: string; readonly log: ProgramLog },
): Promise<Watching> => {
  const { METRICS_PORT: port, METRICS_HOST: host, METRICS_TOKEN: token } = config;
  const common = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const sends = !config.OTEL_SDK_DISABLED;
  const telemetry = await openTelemetry({
    scraped: port !== undefined,
    ...(sends && {
      tracesUrl: addressOf(config.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, common, 'v1/traces'),
      metricsUrl: addressOf(config.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, common, 'v1/metrics'),
    }),
    tracesShare: config.OTEL_TRACES_SAMPLER_ARG,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS,
    service: { name: config.OTEL_SERVICE_NAME, version, instance },
    log,
  });
  const { scrape } = telemetry;
  const door =
    port === undefined || scrape === undefined
      ? undefined
      : await listen(metricsApp({ scrape, token }), { host, port, setting: 'METRICS_PORT' });
  return {
    telemetry,
    stop: async () => {
      await door?.close();
      await telemetry.stop();
    },
  };
};
