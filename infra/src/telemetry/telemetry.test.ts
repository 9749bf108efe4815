import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type EventStore,
  EventStoreUnavailable,
  type NewEvent,
  streamName,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { afterEach, describe, expect, test } from 'vitest';
import { openTelemetry } from './open-telemetry.ts';
import { noTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';

const service = { name: 'sentinel', version: '1', instance: 'this' };
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

const warnings: string[] = [];
let opened: Telemetry | undefined;
const open = async (options: Partial<TelemetryOptions>): Promise<Telemetry> => {
  const log = { warn: (line: string) => void warnings.push(line) };
  opened = await openTelemetry({ scraped: false, service, log, stopWithinMs: 20, ...options });
  return opened;
};
afterEach(async () => {
  await opened?.stop();
  warnings.length = 0;
});

const scrape = (telemetry: Telemetry): Promise<string> =>
  new Promise((end) => {
    const response = { setHeader: () => undefined, end };
    telemetry.scrape?.({} as IncomingMessage, response as unknown as ServerResponse);
  });

const stream = streamName('session', 'paper');
const storeThat = (appends: EventStore['appendToStream']): EventStore =>
  ({ appendToStream: appends }) as Partial<EventStore> as EventStore;
const eventOf = (type: string, data: object): NewEvent =>
  ({ id: 'e', type, data, metadata: {} }) as unknown as NewEvent;
const done = { version: 0n, logPosition: 7n, repeated: false } as unknown as Awaited<
  ReturnType<EventStore['appendToStream']>
>;

test('where nobody looks nothing is opened', async () => {
  expect(await open({})).toBe(noTelemetry);
  const store = storeThat(async () => done);
  expect(noTelemetry.overStore(store)).toBe(store);
});

describe('appends', () => {
  test('that fail are counted by their kind, and fail as they did', async () => {
    const telemetry = await open({ scraped: true });
    const errors = [
      new WrongExpectedVersion(stream, 'no-stream', undefined),
      new EventStoreUnavailable('away'),
    ];
    for (const error of errors) {
      const store = telemetry.overStore(storeThat(async () => Promise.reject(error)));
      await expect(store.appendToStream(stream, [], 'any')).rejects.toBe(error);
    }
    const metrics = await scrape(telemetry);
    expect(metrics).toMatch(/^sentinel_append_conflicts_total\{[^}]*\} 1$/m);
    for (const { name } of errors)
      expect(metrics).toMatch(
        new RegExp(`^sentinel_append_duration_count\\{.*error_type="${name}".*\\} 1$`, 'm'),
      );
  });

  test('that are repeated count no order twice', async () => {
    const telemetry = await open({ scraped: true });
    const events = [eventOf('OrderDenied', { code: 'MAX_ORDER_VALUE', price: '13.37' })];
    for (const repeated of [false, true]) {
      const store = telemetry.overStore(storeThat(async () => ({ ...done, repeated })));
      await store.appendToStream(stream, events, 'any');
    }
    const metrics = await scrape(telemetry);
    expect(metrics).toMatch(/^sentinel_orders_total\{.*="MAX_ORDER_VALUE".*\} 1$/m);
    expect(metrics).not.toContain('13.37');
  });
});

test('a quote tells how old it is now, of the market and of a look that stands still', async () => {
  const telemetry = await open({ scraped: true });
  const at = Temporal.Instant.from('2026-11-27T15:00:00Z');
  const market = {
    source: 'mock',
    now: () => at.add({ seconds: 40 }),
    quote: async () => ({ at }),
    freeze: () => market,
  } as unknown as MarketData;
  const watched = telemetry.overMarket(market);
  for (const each of [watched, watched.freeze(), watched.freeze(at)])
    await each.quote('NVDA' as Parameters<MarketData['quote']>[0]);
  const metrics = await scrape(telemetry);
  expect(metrics).toMatch(/^sentinel_market_data_age_bucket\{.*le="30"\} 0$/m);
  // A look at another time says nothing of now.
  expect(metrics).toMatch(/^sentinel_market_data_age_bucket\{.*le="60"\} 2$/m);
});

test('what cannot be learnt is not a number, whatever it was before, and is said; the rest is told', async () => {
  const telemetry = await open({ scraped: true });
  let known = true;
  let looks = 0;
  const end = telemetry.observe({
    views: () => {
      looks += 1;
      return [{ view: 'orders', lagMs: 1_500 }];
    },
    workflows: () => [{ name: 'guard', holds: known, lagMs: 0 }],
    haltScopes: async () => (known ? ['symbol'] : Promise.reject(new Error('the log is away'))),
  });
  const before = await scrape(telemetry);
  expect(before).toMatch(/^sentinel_halts\{sentinel_halt_scope="symbol".*\} 1$/m);
  expect(before).toMatch(/^sentinel_halts\{sentinel_halt_scope="global".*\} 0$/m);
  known = false;
  const metrics = await scrape(telemetry);
  expect(metrics).toMatch(/^sentinel_view_lag\{sentinel_view="orders".*\} 1.5$/m);
  expect(metrics).toMatch(/^sentinel_workflow_lease\{sentinel_workflow="guard".*\} 0$/m);
  expect(metrics).toMatch(/^sentinel_workflow_lag\{.*\} NaN$/im);
  expect(metrics.match(/^sentinel_halts\{.*\} NaN$/gim)).toHaveLength(4);
  expect(warnings.join()).toContain('the log is away');
  await end();
  await scrape(telemetry);
  expect(looks).toBe(2);
});

test('what is not known is not sent: JSON has no word for it', async () => {
  const sent: string[] = [];
  const collector = createServer(async (request, response) => {
    sent.push(await text(request));
    response.end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const metricsUrl = `http://127.0.0.1:${port}/v1/metrics`;
  const telemetry = await open({ metricsUrl, stopWithinMs: 3_000 });
  telemetry.observe({
    views: () => [{ view: 'orders', lagMs: 1_500 }],
    workflows: () => [{ name: 'guard', holds: false, lagMs: 0 }],
    haltScopes: async () => Promise.reject(new Error('the log is away')),
  });
  await telemetry.stop();
  await new Promise((resolve) => collector.close(resolve));
  const [body] = sent;
  expect(body).toContain('"asDouble":1.5');
  expect(body).not.toContain('null');
  expect(body).not.toContain('sentinel.halt.scope');
});

describe('traces', () => {
  const away = 'http://127.0.0.1:1/v1/traces';

  test("go on with the caller's, and heed whether it records", async () => {
    const { begin } = await open({ tracesUrl: away });
    for (const flags of ['00', '01']) {
      const traceparent = `00-${traceId}-00f067aa0ba902b7-${flags}`;
      const underway = begin({ method: 'tools/call', traceparent });
      expect(underway.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-${flags}$`));
      expect(underway.traceparent).not.toBe(traceparent);
      underway.end();
    }
    expect(begin({ method: 'tools/call' }).traceparent).toMatch(/^00-(?!0{32})[0-9a-f]{32}-/);
  });

  test.each([
    [0, 0],
    [0.5, 100],
    [1, 200],
    [undefined, 200],
  ])(
    'that begin here are recorded by their share, %s, and those of callers by their own word',
    async (tracesShare, about) => {
      const { begin } = await open({ tracesUrl: away, tracesShare });
      const isRecorded = (traceparent?: string) =>
        begin({ method: 'tools/call', traceparent }).traceparent?.endsWith('-01') === true;
      const recorded = Array.from({ length: 200 }, () => isRecorded()).filter(Boolean).length;
      expect(Math.abs(recorded - about)).toBeLessThanOrEqual(about % 200 === 0 ? 0 : 60);
      const callers = `00-${traceId}-00f067aa0ba902b7`;
      expect([isRecorded(`${callers}-01`), isRecorded(`${callers}-00`)]).toEqual([true, false]);
    },
  );

  test('to a collector that is away fail nothing, and are told once', async () => {
    const telemetry = await open({ tracesUrl: away, headers: { key: 'k4n4ry-of-a-key' } });
    telemetry.begin({ method: 'tools/call' }).end();
    await telemetry.stop();
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^telemetry: the last export did not end/);
    expect(warnings[0]).not.toContain('k4n4ry');
  });

  test('are not begun where only metrics are read: what the caller sent stays', async () => {
    const { begin } = await open({ scraped: true });
    expect(begin({ method: 'tools/call', traceparent: 'as sent' }).traceparent).toBe('as sent');
    expect(begin({ method: 'tools/call' }).traceparent).toBeUndefined();
  });
});
