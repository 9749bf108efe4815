import { DiagLogLevel, diag } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { redact } from '../redact.ts';
import type { Telemetry, TelemetryOptions } from '../telemetry.ts';
import { observeHouse } from './house.ts';
import { watchMarket } from './market.ts';
import { beginning, type LiveSpans } from './operations.ts';
import { watchingSteps } from './steps.ts';
import { watchStore } from './store.ts';

const scope = 'sentinel';
const usualStopMs = 3_000;
/** How often problems of export are told at the most: a collector that is away fails each of them. */
const tellEveryMs = 60_000;

/** What goes wrong while exporting is told in the log, and now and then only. */
const tellProblems = (log: TelemetryOptions['log']): void => {
  let last = Number.NEGATIVE_INFINITY;
  const tell = (...said: readonly unknown[]): void => {
    if (performance.now() - last < tellEveryMs) return;
    last = performance.now();
    log.warn(redact(`telemetry: ${said.map(String).join(' ')}`));
  };
  const quiet = () => undefined;
  const logger = { error: tell, warn: tell, info: quiet, debug: quiet, verbose: quiet };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
};

const within = (ending: Promise<unknown>, ms: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => {
      diag.warn(`the last export did not end within ${ms} ms`);
      resolve();
    }, ms);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    ending.then(end, (error: unknown) => {
      diag.warn(`the last export failed: ${error}`);
      end();
    });
  });

/** Traces and metrics by OpenTelemetry, with names by its conventions for MCP and ours under `sentinel.`. */
export const otelTelemetry = async (options: TelemetryOptions): Promise<Telemetry> => {
  const { scraped, tracesUrl, metricsUrl, service, stopWithinMs = usualStopMs } = options;
  tellProblems(options.log);
  const resource = defaultResource().merge(
    resourceFromAttributes({
      'service.name': service.name,
      'service.version': service.version,
      'service.instance.id': service.instance,
    }),
  );
  const prometheus = scraped ? new PrometheusExporter({ preventServerStart: true }) : undefined;
  const sends = tracesUrl !== undefined || metricsUrl !== undefined;
  const sending = sends
    ? (await import('./sending.ts')).openSending(options, { resource, scope })
    : undefined;
  const readers = [prometheus, sending?.metrics].filter((reader) => reader !== undefined);
  const meters = new MeterProvider({ resource, readers });
  const meter = meters.getMeter(scope, service.version);
  const live: LiveSpans = new Map();
  const house = observeHouse(meter);
  return {
    begin: beginning({ meter, tracer: sending?.tracer, live }),
    beginStep: watchingSteps(sending?.tracer),
    overStore: watchStore(meter, live),
    overMarket: watchMarket(meter),
    observe: house.observe,
    scrape:
      prometheus && ((request, response) => prometheus.getMetricsRequestHandler(request, response)),
    stop: async () => {
      await within(Promise.all([sending?.stop(), meters.shutdown()]), stopWithinMs);
      house.stop();
      diag.disable();
    },
  };
};
