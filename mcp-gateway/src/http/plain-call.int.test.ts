import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const plain = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-11-25',
  'user-agent': 'plain/1',
};
/** The same to every reader, and not plain to ours: it goes the SDK's way. */
const doubtful = { ...plain, 'content-type': 'application/json; charset=utf-8' };

const post = async (headers: Readonly<Record<string, string>>, body: string) => {
  const response = await fetch(gateway.url('/mcp'), { method: 'POST', headers, body });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    text: (await response.text()).replace(/[0-9a-f-]{36}/g, 'an id'),
  };
};

const callOf = (name: string, args: unknown, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: args } });

describe('a plain call', () => {
  test.each([
    ['an answer', callOf('watchlist_add', { symbols: ['NVDA'] })],
    ['a call whose id is a text', callOf('watchlist_add', { symbols: ['NVDA'] }, 'one')],
    ['bad arguments', callOf('watchlist_add', { symbols: 7 })],
    ['arguments left out', callOf('watchlist_add', undefined)],
    ['a tool that is not there', callOf('no_such_tool', {})],
    ['a store that is out', callOf('risk_engage_kill_switch', { scope: 'global', reason: 'why' })],
    ['a bug inside', callOf('system_health', {})],
  ])('is answered as the SDK answers it: %s', async (_, body) => {
    expect(await post(plain, body)).toEqual(await post(doubtful, body));
  });

  test.each([
    ['a revision that nobody knows', { ...plain, 'mcp-protocol-version': '1999-01-01' }, 400],
    ['only one kind of answer', { ...plain, accept: 'application/json' }, 406],
    ['another content', { ...plain, 'content-type': 'application/x+json' }, 415],
  ])('is refused all the same with %s', async (_, headers, status) => {
    const answer = await post(headers, callOf('watchlist_add', { symbols: ['NVDA'] }));
    expect(answer.status).toBe(status);
  });

  test('tells the handler who calls', async () => {
    await post(plain, callOf('watchlist_add', { symbols: ['AMD'] }));
    expect(gateway.contexts.at(-1)?.metadata.client).toBe('plain/1');
  });

  test('tells by which trace and for which model, the SDK’s way too; what is none is left out', async () => {
    const traceparent = `00-${'a1'.repeat(16)}-${'b2'.repeat(8)}-01`;
    const body = callOf('watchlist_add', { symbols: ['AMD'] });
    for (const headers of [plain, doubtful]) {
      await post({ ...headers, traceparent }, body);
      expect(gateway.contexts.at(-1)?.metadata.traceparent).toBe(traceparent);
      await post({ ...headers, traceparent: 'no trace' }, body);
      expect(Object.keys(gateway.contexts.at(-1)?.metadata ?? {})).not.toContain('traceparent');
    }
    const { params, ...rest } = JSON.parse(body);
    const said = { 'sentinel/model': 'claude-x', traceparent };
    await post(plain, JSON.stringify({ ...rest, params: { ...params, _meta: said } }));
    expect(gateway.contexts.at(-1)?.metadata).toMatchObject({ model: 'claude-x', traceparent });
  });

  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  test.each([
    ['one', `00-${trace}-00f067aa0ba902b7-01`, `00-${trace}-00f067aa0ba902b7-01`],
    ['none of no trace', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, undefined],
    ['none of no span', `00-${trace}-0000000000000000-01`, undefined],
    ['none of a version that cannot be', `ff-${trace}-00f067aa0ba902b7-01`, undefined],
    ['none that is long', `00-${trace}-00f067aa0ba902b7-01-${'x'.repeat(8_000)}`, undefined],
  ])('is recorded with its traceparent, and with %s', async (_, traceparent, recorded) => {
    for (const headers of [plain, doubtful]) {
      await post({ ...headers, traceparent }, callOf('watchlist_add', { symbols: ['AMD'] }));
      expect(gateway.contexts.at(-1)?.metadata.traceparent).toBe(recorded);
    }
  });

  test('is aborted when its caller hangs up', async () => {
    const gone = new AbortController();
    const scan = fetch(gateway.url('/mcp'), {
      method: 'POST',
      headers: plain,
      body: callOf('strategy_scan', {}),
      signal: gone.signal,
    });
    const often = { timeout: 5_000, interval: 1 };
    const isCalled = { metadata: { tool: 'strategy.scan' } };
    await vi.waitFor(() => expect(gateway.contexts.at(-1)).toMatchObject(isCalled), often);
    const { signal } = gateway.contexts.at(-1) ?? {};
    expect(signal?.aborted).toBe(false);
    gone.abort();
    await expect(scan).rejects.toThrow();
    await vi.waitFor(() => expect(signal?.aborted).toBe(true), often);
  });
});
