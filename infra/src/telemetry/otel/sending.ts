import type { Tracer } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import {
  type MetricData,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TelemetryOptions } from '../telemetry.ts';

/** What sends over OTLP; each undefined where nothing is sent. */
export type Sending = {
  readonly metrics: PeriodicExportingMetricReader | undefined;
  readonly tracer: Tracer | undefined;
  /** Sends the spans that are left. */
  readonly stop: () => Promise<void>;
};

const isKnown = ({ value }: { readonly value: unknown }): boolean => !Number.isNaN(value);

const withoutUnknown = (metric: MetricData): MetricData =>
  ({ ...metric, dataPoints: metric.dataPoints.filter(isKnown) }) as MetricData;

/** JSON has no word for what is not a number, and a collector would refuse the whole export for it. */
class KnownMetricExporter extends OTLPMetricExporter {
  override export(...[all, done]: Parameters<OTLPMetricExporter['export']>): void {
    const known: ResourceMetrics = {
      ...all,
      scopeMetrics: all.scopeMetrics.map(({ scope, metrics }) => ({
        scope,
        metrics: metrics.map(withoutUnknown),
      })),
    };
    super.export(known, done);
  }
}

/** A caller's trace is recorded as the caller has it, and one that begins here by its share. */
const samplerOf = (share: number | undefined): ParentBasedSampler =>
  new ParentBasedSampler({
    root: share === undefined ? new AlwaysOnSampler() : new TraceIdRatioBasedSampler(share),
  });

/** Sends metrics once a minute and spans in batches, neither on the way of a call. */
export const openSending = (
  { tracesUrl, tracesShare, metricsUrl, headers = {}, service }: TelemetryOptions,
  { resource, scope }: { readonly resource: Resource; readonly scope: string },
): Sending => {
  const to = (url: string) => ({ url, headers: { ...headers } });
  const traces =
    tracesUrl === undefined
      ? undefined
      : new TracerProvider({
          resource,
          sampler: samplerOf(tracesShare),
          spanProcessors: [
            new BatchSpanProcessor({ exporter: new OTLPTraceExporter(to(tracesUrl)) }),
          ],
        });
  return {
    metrics:
      metricsUrl === undefined
        ? undefined
        : new PeriodicExportingMetricReader({ exporter: new KnownMetricExporter(to(metricsUrl)) }),
    tracer: traces?.getTracer(scope, service.version),
    stop: async () => traces?.shutdown(),
  };
};
