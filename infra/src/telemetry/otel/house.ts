import { monitorEventLoopDelay } from 'node:perf_hooks';
import { diag, type Meter, type ObservableResult } from '@opentelemetry/api';
import { haltScopeSchema } from '@sentinel/contracts/risk';
import type { Standing, Telemetry } from '../telemetry.ts';

const resolutionMs = 10;
const quantiles = [0.5, 0.99, 1];
/** A scrape waits no longer for a store that is away. */
const lookWithinMs = 2_000;

/** What nobody knows must not stay as it was, and the SDK repeats what is not told anew. */
const unknown = Number.NaN;

type Look = (result: ObservableResult) => void | Promise<void>;

const inTime = <Value>(looking: Promise<Value>): Promise<Value> => {
  const late = new Promise<never>((_resolve, reject) => {
    const signal = AbortSignal.timeout(lookWithinMs);
    signal.addEventListener('abort', () => reject(new Error('the log does not answer in time')));
  });
  return Promise.race([looking, late]);
};

/** How late the event loop was since somebody last looked. */
const observeLoop = (meter: Meter): (() => void) => {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  const gauge = meter.createObservableGauge('sentinel.event_loop.delay', {
    unit: 's',
    description: 'How late the event loop came to its turn, since the metrics were last read.',
  });
  gauge.addCallback((result) => {
    // A reading is of the whole interval, of which the timer's own part is no delay.
    for (const quantile of quantiles) {
      const delayMs = delays.percentile(quantile * 100) / 1e6 - resolutionMs;
      result.observe(Math.max(0, delayMs) / 1_000, { 'sentinel.quantile': `${quantile}` });
    }
    delays.reset();
  });
  return () => void delays.disable();
};

const gaugesOf = (meter: Meter) => ({
  viewLag: meter.createObservableGauge('sentinel.view.lag', {
    unit: 's',
    description: 'For how long the log has held more than the view.',
  }),
  workflowLag: meter.createObservableGauge('sentinel.workflow.lag', {
    unit: 's',
    description: 'For how long the workflow has been behind the log; NaN where it is not at work.',
  }),
  lease: meter.createObservableGauge('sentinel.workflow.lease', {
    description: '1 where this process holds the lease of the workflow, else 0.',
  }),
  halts: meter.createObservableGauge('sentinel.halts', {
    description: 'Halts in force, by scope; NaN while the log cannot be read.',
  }),
});

type Gauges = ReturnType<typeof gaugesOf>;

/** What each gauge is asked for. */
const looksOf = ({
  views,
  workflows,
  haltScopes,
}: Standing): Readonly<Record<keyof Gauges, Look>> => ({
  viewLag: (result) => {
    for (const { view, lagMs } of views()) result.observe(lagMs / 1_000, { 'sentinel.view': view });
  },
  workflowLag: (result) => {
    for (const { name, holds, lagMs } of workflows())
      result.observe(holds ? lagMs / 1_000 : unknown, { 'sentinel.workflow': name });
  },
  lease: (result) => {
    for (const { name, holds } of workflows())
      result.observe(holds ? 1 : 0, { 'sentinel.workflow': name });
  },
  halts: async (result) => {
    const standing = await inTime(haltScopes()).catch((error: unknown) => {
      diag.warn(`the halts cannot be read: ${error}`);
      return undefined;
    });
    for (const scope of haltScopeSchema.options) {
      const count = standing?.filter((each) => each === scope).length;
      result.observe(count ?? unknown, { 'sentinel.halt.scope': scope });
    }
  },
});

/** Tells whenever metrics are read how the house stands, from when it does and for as long as it does. */
export const observeHouse = (
  meter: Meter,
): { readonly observe: Telemetry['observe']; readonly stop: () => void } => {
  const stop = observeLoop(meter);
  const gauges = gaugesOf(meter);
  const names = Object.keys(gauges) as (keyof Gauges)[];
  const observe = (standing: Standing) => {
    const looks = looksOf(standing);
    for (const name of names) gauges[name].addCallback(looks[name]);
    return async () => {
      for (const name of names) gauges[name].removeCallback(looks[name]);
    };
  };
  return { observe, stop };
};
