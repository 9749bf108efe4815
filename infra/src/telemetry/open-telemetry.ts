import { noTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';

/** Loads OpenTelemetry where somebody is to see what it tells, and there alone: it costs a start its time. */
export const openTelemetry = async (options: TelemetryOptions): Promise<Telemetry> => {
  const { scraped, tracesUrl, metricsUrl } = options;
  if (!scraped && tracesUrl === undefined && metricsUrl === undefined) return noTelemetry;
  const { otelTelemetry } = await import('./otel/otel-telemetry.ts');
  return otelTelemetry(options);
};
