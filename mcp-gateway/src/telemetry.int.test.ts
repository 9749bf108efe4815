import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '@sentinel/infra/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, testClient } from './test-client.ts';
import { startTestHouse } from './test-house.ts';

const token = 't'.repeat(40);
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const traceparent = `00-${traceId}-${spanId}-01`;
/** Words, prices and numbers of arguments: none of them has a place in what is told to a collector. */
const canaries = ['canary-5d21', '13.37', '41.17', '4711.25', 'key-of-the-collector'];
const boardFile = join(
  import.meta.dirname,
  '../../infra/compose/observability/sentinel-board.json',
);

/** A collector that keeps what is sent to it over OTLP. */
const startCollector = async () => {
  const sent: { readonly path: string; readonly key: unknown; readonly body: Answer }[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request));
    sent.push({ path: `${request.url}`, key: request.headers['x-key'], body });
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise((resolve) => server.close(resolve));
  return { sent, url: `http://127.0.0.1:${port}`, stop };
};

const spansIn = ({ body }: { readonly body: Answer }): readonly Answer[] =>
  (body.resourceSpans ?? []).flatMap(({ scopeSpans }: Answer) =>
    scopeSpans.flatMap(({ spans }: Answer) => spans),
  );

const attributesOf = ({ attributes }: Answer): Answer =>
  Object.fromEntries(
    attributes.map(({ key, value }: Answer) => [
      key,
      value.stringValue ?? value.arrayValue?.values.map((each: Answer) => each.stringValue),
    ]),
  );

/** What one house did, as its metrics, its collector and its audit tell it. */
type Lived = {
  readonly metrics: string;
  readonly unproved: readonly number[];
  readonly spans: readonly Answer[];
  readonly keys: readonly unknown[];
  readonly toCollector: string;
  readonly events: readonly Answer[];
  readonly explained: string;
  /** The export of the log, as it is read. */
  readonly exported: string;
};

const live = async (): Promise<Lived> => {
  const collector = await startCollector();
  const port = `${await freePort()}`;
  const house = await startTestHouse({
    ...{ METRICS_PORT: port, METRICS_TOKEN: token },
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=key-of-the-collector',
  });
  const scrape = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/metrics`, { headers });
  const { call, client, close } = await testClient(house);
  const traced = async (name: string, args: object, trace = traceparent): Promise<Answer> =>
    client.callTool({ name, arguments: { ...args }, _meta: { traceparent: trace } });
  await call('watchlist_add', { symbols: ['NVDA'], group: 'canary-5d21' });
  const order = { symbol: 'NVDA', side: 'buy', order_type: 'limit', limit_price: '13.37' };
  const placed = await traced('execution_paper_order', { ...order, qty: 41.17 });
  await traced('execution_paper_order', { ...order, qty: 4711.25 });
  await traced('execution_paper_order', { reason: 'canary-5d21' });
  await traced('no_such_tool', { reason: 'canary-5d21' }).catch(() => undefined);
  await client.listTools();
  await client.getPrompt({ name: 'canary-5d21' }).catch(() => undefined);
  await traced('system_health', {}, `00-${'0'.repeat(32)}-${spanId}-01`);
  await traced('market_health', {}, 'canary-5d21'.repeat(20_000));
  await call('risk_kill_switch_enable', {
    ...{ scope: 'symbol', target: 'NVDA', reason: 'canary-5d21' },
  });
  const { events } = await call('audit_recent_events', { limit: 50 });
  const id = placed.structuredContent.order.order_id;
  const { narrative } = await call('audit_explain_trade', { audit_event_id: id });
  const { resource } = await call('audit_export');
  const { contents } = await client.readResource({ uri: resource.uri });
  const exported = contents.map((each) => ('text' in each ? each.text : '')).join('');
  const unproved = await Promise.all(
    ['', `Bearer ${token}x`].map(async (authorization) => (await scrape({ authorization })).status),
  );
  const metrics = await (await scrape({ authorization: `Bearer ${token}` })).text();
  await close();
  await house.stop();
  await collector.stop();
  return {
    ...{ metrics, unproved, events, exported, explained: JSON.stringify(narrative) },
    spans: collector.sent.flatMap(spansIn),
    keys: collector.sent.map(({ key }) => key),
    toCollector: JSON.stringify(collector.sent.map(({ body }) => body)),
  };
};

let lived: Lived;
beforeAll(async () => {
  lived = await live();
});

/** The samples of a metric, each with its labels as they stand in the text. */
const samples = (name: string): readonly string[] =>
  lived.metrics.split('\n').filter((line) => line.startsWith(`${name}{`));

const spansNamed = (name: string): readonly Answer[] =>
  lived.spans.filter((span) => span.name === name);

describe('metrics', () => {
  test('are for who bears the token', () => {
    expect(lived.unproved).toEqual([401, 401]);
    expect(lived.metrics).toContain('target_info{service_name="sentinel"');
  });

  test('hold every name and label that the board asks for', () => {
    const board = readFileSync(boardFile, 'utf8');
    const expressions = [...board.matchAll(/"expr": "((?:\\.|[^"\\])*)"/g)].map(
      ([, each]) => `${each}`,
    );
    const asked = new Set(
      expressions.flatMap((each) => each.match(/\b(?:mcp|sentinel|gen_ai|error)_\w+/g) ?? []),
    );
    expect(asked.size).toBeGreaterThan(15);
    const told = new Set(lived.metrics.match(/\b[a-z_]+(?=[{=])/g));
    expect([...asked].filter((name) => !told.has(name))).toEqual([]);
  });

  test('count calls by tool, and refusals by their code', () => {
    const counts = samples('mcp_server_operation_duration_count');
    const find = (...parts: string[]) =>
      counts.find((line) => parts.every((part) => line.includes(part)));
    const submit = 'gen_ai_tool_name="execution_paper_order"';
    for (const code of ['INVALID_ARGUMENT', 'MAX_ORDER_VALUE'])
      expect(find(submit, `error_type="${code}"`)).toMatch(/ 1$/);
    expect(find('mcp_method_name="prompts/get"')).toContain('error_type="-32602"');
    expect(find('mcp_method_name="tools/list"')).toMatch(/ 1$/);
    expect(find('"tools/call"', 'error_type="-32602"')).not.toContain('gen_ai_tool_name');
    expect(find('gen_ai_tool_name="watchlist_add"', 'mcp_protocol_version="2')).toMatch(/ 1$/);
    expect(samples('mcp_server_operation_duration_bucket')).toEqual(
      expect.arrayContaining([
        expect.stringContaining('le="0.01"'),
        expect.stringContaining('le="300"'),
      ]),
    );
  });

  test('say what became of orders, which halts are in force, and how views and workflows stand', () => {
    expect(samples('sentinel_orders_total').join('\n')).toMatch(
      /sentinel_order_outcome="denied",sentinel_denial_code="[A-Z_]+"/,
    );
    const halt = samples('sentinel_halts').find((line) => line.includes('scope="symbol"'));
    expect(halt).toMatch(/ 1$/);
    expect(samples('sentinel_view_lag').length).toBeGreaterThan(3);
    expect(samples('sentinel_workflow_lease').every((line) => / [01]$/.test(line))).toBe(true);
    expect(samples('sentinel_event_loop_delay')).toHaveLength(3);
  });
});

describe('traces', () => {
  test("are the caller's, with one span of the server's kind for each call", () => {
    const submits = spansNamed('tools/call execution_paper_order');
    expect(submits).toHaveLength(3);
    for (const span of submits)
      expect(span).toMatchObject({ traceId, parentSpanId: spanId, kind: 2 });
    const [, , bad] = submits;
    expect(bad?.status.code).toBe(2);
    expect(bad?.events).toEqual([]);
    expect(attributesOf(bad ?? {})).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.tool.name': 'execution_paper_order',
      'error.type': 'INVALID_ARGUMENT',
    });
  });

  test('begin anew where the caller names none that is one', () => {
    for (const name of ['tools/call system_health', 'tools/call market_health']) {
      const [span] = spansNamed(name);
      expect(span?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
      expect(span?.parentSpanId ?? '').toBe('');
    }
  });

  test('and the audit lead to each other', () => {
    const told = spansNamed('tools/call execution_paper_order').flatMap(({ events }) =>
      events.flatMap((each: Answer) => attributesOf(each)['sentinel.event.ids']),
    );
    const recorded = lived.events
      .filter(({ type }) => ['RiskAssessed', 'OrderSubmitted', 'OrderDenied'].includes(type))
      .map(({ event_id }) => event_id);
    expect(recorded).toHaveLength(4);
    expect(told).toEqual(expect.arrayContaining(recorded));
    expect(lived.explained).toContain(traceId);
    const [head = '', ...lines] = lived.exported.split('\r\n');
    const at = head.split(',').indexOf('trace_id');
    const traceOf = (type: string) =>
      lines.find((line) => line.includes(`,${type},`))?.split(',')[at];
    expect(traceOf('OrderSubmitted')).toBe(traceId);
    expect(traceOf('HaltEngaged')).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    // The house recorded it by itself, before anybody called.
    expect(traceOf('LimitsAdopted')).toBe('');
  });

  test('go on in the steps of the house that a call led to', () => {
    const [step] = spansNamed('workflow venue-paper');
    const submits = spansNamed('tools/call execution_paper_order').map((span) => span.spanId);
    expect(step).toMatchObject({ traceId, kind: 1 });
    expect(submits).toContain(step?.parentSpanId);
    const { event_id: id } = lived.events.find(({ type }) => type === 'OrderSubmitted') ?? {};
    expect(attributesOf(step ?? {})).toMatchObject({
      'sentinel.cause.id': id,
      'sentinel.cause.type': 'OrderSubmitted',
    });
  });
});

test('nothing of arguments, and no secret, is told to anybody', () => {
  expect(new Set(lived.keys)).toEqual(new Set(['key-of-the-collector']));
  for (const canary of canaries) {
    expect(lived.metrics).not.toContain(canary);
    expect(lived.toCollector).not.toContain(canary);
  }
});
