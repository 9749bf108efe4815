import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { Scope } from '@sentinel/contracts/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainEverything } from './test-explained.ts';
import { forgedCalls } from './test-forged-calls.ts';
import { startTestHouse, type TestHouse, testOperatorKey } from './test-house.ts';

/** An answer as a client sees it: a test reads what it expects to be there. */
// biome-ignore lint/suspicious/noExplicitAny: what is not there makes the test fail.
type Answer = { readonly [field: string]: any };

let house: TestHouse;
let client: Client;
beforeAll(async () => {
  const scopes = new Set<Scope>(['read', 'propose', 'trade', 'govern', 'admin']);
  house = await startTestHouse(
    { APPROVAL_ABOVE_USD: '2000', MAX_ORDERS_PER_SECOND: '100', MAX_ORDERS_PER_MINUTE: '1000' },
    async () => ({ name: 'local:test', kind: 'human', scopes }),
  );
  client = new Client({ name: 'approvals', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(house.url('/mcp?toolsets=all')));
}, 60_000);
afterAll(async () => {
  await client.close();
  await house.stop();
});

const tried = async (name: string, args: object = {}): Promise<Answer> =>
  (await client.callTool({ name, arguments: { ...args } })) as Answer;
const call = async (name: string, args: object = {}): Promise<Answer> => {
  const result = await tried(name, args);
  if (result.isError) throw new Error(`${name}: ${result.content[0].text}`);
  return result.structuredContent;
};
const refusedBy = async (name: string, args: object = {}): Promise<string> => {
  const result = await tried(name, args);
  expect(result.isError, `${name} was not refused`).toBe(true);
  return result.content[0].text;
};

const door = (path: string, init: RequestInit = {}, key = testOperatorKey): Promise<Response> =>
  fetch(house.url(path), {
    ...init,
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...init.headers,
    },
  });
const answer = (path: string, body: object): Promise<Response> =>
  door(path, { method: 'POST', body: JSON.stringify(body) });
const shown = async (id: string): Promise<Answer> =>
  ((await (await door(`/approvals/${id}`)).json()) as Answer).request;
const sayYes = async (id: string): Promise<Answer> => {
  const { digest } = await shown(id);
  const response = await answer(`/desk/approvals/${id}`, { digest, approves: true });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
};

const nvda = (qty: number, rest: object = {}) => ({
  ...{ symbol: 'NVDA', side: 'buy', qty, order_type: 'market' },
  ...rest,
});
const held = async (symbol: string): Promise<Answer | undefined> =>
  (await call('portfolio_positions')).positions.find((each: Answer) => each.symbol === symbol);
const filled = async (orderId: string): Promise<void> => {
  await expect
    .poll(async () => (await call('execution_get_order', { order_id: orderId })).order.status, {
      timeout: 10_000,
    })
    .toBe('filled');
};

describe('through a real client', () => {
  test('a proposal waits, is shown to a human in words, and trades after their yes', async () => {
    const proposed = await call(
      'execution_propose_order',
      nvda(3, { reason: 'a <b>breakout</b>' }),
    );
    expect(proposed.order).toMatchObject({
      status: 'initialized',
      reason_given: 'a <b>breakout</b>',
    });
    const { request_id: id, how_to_approve: how } = proposed.approval;
    expect(how).toContain('/desk/approvals');
    const listed = await call('approval_list');
    expect(listed.approvals[0]).toMatchObject({
      request_id: id,
      title: 'Buy 3 NVDA by market order',
    });
    expect(JSON.stringify(listed)).not.toContain('digest');
    const { needs_decision: needed } = await call('system_brief');
    expect(needed).toContainEqual(
      expect.objectContaining({ kind: 'approval', id, text: 'Buy 3 NVDA by market order?' }),
    );
    const orders = await call('execution_list_orders', { status: 'initialized' });
    expect(orders.orders.map((each: Answer) => each.order_id)).toEqual([proposed.order.order_id]);
    await sayYes(id);
    await filled(proposed.order.order_id);
    const explained = await call('audit_explain_trade', {
      audit_event_id: proposed.order.order_id,
    });
    expect(explained.re_executed).toMatchObject({ result: 'equal', policy_version: 'risk-8' });
    const told = explained.narrative.map((line: Answer) => line.text).join(' ');
    expect(told).toMatch(/operator-key:[0-9a-f]{12} had said yes/);
    expect(told).toContain('"a <b>breakout</b>"');
    const before = await call('audit_explain_trade', {
      audit_event_id: proposed.order.decision_id,
    });
    expect(before.re_executed.result).toBe('equal');
  });

  test('the log says how the approver was identified, and no name that somebody typed', async () => {
    const { events } = await call('audit_recent_events', {
      detail: 'full',
      type: 'ApprovalGranted',
      limit: 1,
    });
    expect(events[0].principal).toMatch(/^operator-key:[0-9a-f]{12}$/);
    expect(events[0]).toMatchObject({ tool: 'approvals page' });
  });

  test('an order above the threshold waits too, and get_order, list and a refusal tell it', async () => {
    const placed = await call('execution_paper_order', nvda(20, { reason: 'a large one' }));
    expect(placed).toMatchObject({ order: { status: 'initialized' } });
    const { order } = await call('execution_get_order', { order_id: placed.order.order_id });
    expect(order).toMatchObject({ status: 'initialized', reason_given: 'a large one' });
    const { digest } = await shown(placed.approval.request_id);
    const path = `/approvals/${placed.approval.request_id}`;
    expect((await answer(path, { digest, approves: false })).status).toBe(200);
    const after = await call('execution_get_order', { order_id: placed.order.order_id });
    expect(after.order).toMatchObject({ status: 'denied', reason: { code: 'HUMAN_APPROVAL' } });
    expect(await refusedBy('execution_propose_order', nvda(100_000))).toMatch(/^MAX_ORDER_V/);
  });

  test('close_position, cancel_all and flatten_all answer when all is done, and refuse in words', async () => {
    const placed = await call('execution_paper_order', nvda(5, { stop_loss: '60' }));
    await filled(placed.order.order_id);
    const closed = await call('execution_close_position', { symbol: 'nvda', reason: 'enough' });
    expect(closed).toMatchObject({ status: 'done', positions: [{ symbol: 'NVDA', qty_now: '0' }] });
    expect(await held('NVDA')).toBeUndefined();
    expect(await refusedBy('execution_close_position', { symbol: 'NVDA' })).toMatch(
      /^NOTHING_TO_CLOSE: /,
    );
    await call('execution_paper_order', {
      ...{ symbol: 'MSFT', side: 'buy', qty: 2, order_type: 'limit', limit_price: '100' },
      time_in_force: 'gtc',
    });
    const canceled = await call('execution_cancel_all', {});
    expect(canceled).toMatchObject({ status: 'done', canceled_orders: [{ symbol: 'MSFT' }] });
    const msft = await call('execution_paper_order', { ...nvda(2), symbol: 'MSFT' });
    await filled(msft.order.order_id);
    expect(await call('execution_flatten_all', { idempotency_key: 'flat' })).toMatchObject({
      status: 'done',
    });
    expect(await call('execution_flatten_all', { idempotency_key: 'flat' })).toMatchObject({
      repeated: true,
    });
    expect((await call('portfolio_status')).open_positions).toBe(0);
  });

  test('reset_paper begins anew, and is refused under a halt', async () => {
    const reset = await call('execution_reset_paper', { reason: 'a new try' });
    expect(reset).toMatchObject({ epoch: 2, cash: '100000' });
    expect(await call('portfolio_status')).toMatchObject({ cash: '100000', equity: '100000' });
    await call('risk_kill_switch_enable', { scope: 'symbol', target: 'TSLA' });
    expect(await refusedBy('execution_reset_paper')).toMatch(/^HALTED: /);
    const asked = await call('risk_kill_switch_disable', {
      ...{ scope: 'symbol', target: 'TSLA', reason: 'the test is over' },
    });
    expect(await shown(asked.request_id)).toMatchObject({
      title: 'Release the halt of the symbol TSLA in account paper',
    });
    expect((await sayYes(asked.request_id)).told).toBe('Approved: the halt is released.');
    expect(await call('risk_kill_switch_status')).toMatchObject({ halts: [] });
  });

  test('set_limits tightens at once, and loosens when a human has said yes', async () => {
    const tighter = await call('risk_set_limits', {
      changes: [{ limit: 'maxConcurrentPositions', value: 5 }],
    });
    expect(tighter).toMatchObject({ status: 'in_force', limits_version: 2 });
    const looser = await call('risk_set_limits', {
      changes: [{ limit: 'maxConcurrentPositions', value: 6 }],
      reason: 'one more',
    });
    expect(looser).toMatchObject({ status: 'approval_required', limits_version: 2 });
    await sayYes(looser.approval.request_id);
    const preview = await call('risk_validate_trade', { ...nvda(1), detail: 'full' });
    expect(preview).toMatchObject({ limits_version: 3, outcome: 'APPROVED' });
    expect(preview.checks.find((check: Answer) => check.code === 'MAX_POSITIONS').limit).toBe('6');
    expect(await refusedBy('risk_set_limits', { changes: [{ limit: 'max', value: 1 }] })).toMatch(
      /^INVALID_ARGUMENT: .*maxPositionBps/s,
    );
  });
});

describe('nobody but who holds the key', () => {
  test('reaches an answer: no tool takes one, whatever it is given', async () => {
    const proposed = await call('execution_propose_order', nvda(1));
    const { request_id: id } = proposed.approval;
    const { digest } = await shown(id);
    const { tools } = await client.listTools();
    const attempts = tools.flatMap(({ name }) => [
      { name, args: { request_id: id, digest, approves: true, confirm: true } },
      { name, args: { approval: { request_id: id, digest } } },
      { name, args: { ...nvda(1), approved: true, request_id: id } },
    ]);
    for (const { name, args } of attempts) {
      const result = await tried(name, args);
      expect(result.isError, `${name} took ${JSON.stringify(args)}`).toBe(true);
    }
    for (const reason of [`approve ${id}`, digest, `{"approves":true,"digest":"${digest}"}`])
      await call('execution_propose_order', nvda(1, { reason, idempotency_key: reason }));
    expect((await shown(id)).status).toBe('pending');
  });

  test('by a forged, altered, replayed or foreign call', async () => {
    const proposed = await call('execution_propose_order', nvda(2));
    const { request_id: id } = proposed.approval;
    const { digest } = await shown(id);
    const paths = [`/approvals/${id}`, `/desk/approvals/${id}`];
    for (const path of paths) {
      const body = JSON.stringify({ digest, approves: true });
      const json = { 'content-type': 'application/json' };
      const bare = await fetch(house.url(path), { method: 'POST', body, headers: json });
      expect(bare.status).toBe(401);
      expect((await door(path, { method: 'POST', body }, 'k'.repeat(42))).status).toBe(401);
      expect(
        (
          await fetch(house.url(`${path}?key=${testOperatorKey}`), {
            method: 'POST',
            body,
            headers: { ...json, cookie: `key=${testOperatorKey}` },
          })
        ).status,
      ).toBe(401);
      const foreign = { origin: 'https://evil.example' };
      expect((await door(path, { method: 'POST', body, headers: foreign })).status).toBe(403);
      // A form of another page can send no key and no JSON: it has nothing to ride on.
      const form = new URLSearchParams({ digest, approves: 'true' });
      expect((await fetch(house.url(path), { method: 'POST', body: form })).status).toBe(401);
      for (const wrong of [
        {},
        { digest },
        { approves: true },
        { digest, approves: 'true' },
        { digest, approves: true, by: 'human:root' },
      ])
        expect((await answer(path, wrong)).status).toBe(400);
      const altered = `${digest.slice(0, -1)}${digest.endsWith('0') ? '1' : '0'}`;
      expect((await answer(path, { digest: altered, approves: true })).status).toBe(409);
    }
    expect((await shown(id)).status).toBe('pending');
    expect((await answer(`/approvals/${id}`, { digest, approves: true })).status).toBe(200);
    const replayed = await answer(`/approvals/${id}`, { digest, approves: true });
    expect(replayed.status).toBe(409);
    expect(await replayed.json()).toMatchObject({ code: 'ALREADY_ANSWERED' });
    const { events } = await call('audit_recent_events', {
      detail: 'full',
      type: 'ApprovalGranted',
      limit: 50,
    });
    const ours = await call('audit_recent_events', {
      detail: 'full',
      type: 'OrderSubmitted',
      limit: 50,
    });
    expect(
      ours.events.filter((each: Answer) => each.order_id === proposed.order.order_id),
    ).toHaveLength(1);
    expect(events.length).toBeGreaterThan(0);
  });

  test('gets the page with nothing on it, from nowhere else, in nobody’s frame', async () => {
    const page = await fetch(house.url('/desk/approvals'));
    expect([page.status, page.url]).toEqual([
      200,
      `${house.url('/desk/log-in?back=%2Fdesk%2Fapprovals')}`,
    ]);
    const policy = page.headers.get('content-security-policy') ?? '';
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ])
      expect(policy).toContain(rule);
    expect(policy).not.toContain('unsafe');
    const text = await page.text();
    expect(text).not.toMatch(/https?:|\son\w+=|<script(?! type="module" src="\/desk\/)/);
    expect((await fetch(house.url('/desk/approvals/pending'))).status).toBe(401);
  });
});

test('every id that the events of such a day show can be explained, and so can halts and requests', async () => {
  const halted = await call('risk_kill_switch_enable', {
    scope: 'symbol',
    target: 'XOM',
    reason: 'oil',
  });
  const asked = await call('risk_kill_switch_disable', {
    scope: 'symbol',
    target: 'XOM',
    reason: 'oil is calm again',
  });
  const { request_id: requestId } = asked.approval ?? asked;
  await sayYes(requestId);
  const { halt_id: haltId } = halted.halt ?? halted;
  for (const id of [haltId, requestId]) {
    const told = await call('audit_explain_trade', { audit_event_id: id });
    expect(told.headline).toMatch(/symbol XOM halt engaged; last: halt released by/);
    expect(told.narrative.map(({ text }: Answer) => text).join(' ')).toContain('"oil"');
  }
  const types = await explainEverything(call);
  for (const type of ['HaltEngaged', 'HaltReleased', 'ApprovalRequested', 'ApprovalGranted'])
    expect(types).toContain(type);
  expect(
    await refusedBy('audit_explain_trade', { audit_event_id: 'session-paper-1999-01-04' }),
  ).toMatch(/^UNKNOWN_DECISION/);
});

test('no argument of any tool answers a release, looser limits, a return or an order', async () => {
  await call('risk_kill_switch_enable', { scope: 'global', reason: 'for the test' });
  const strategy = 'orb_v1';
  await call('governance_suspend_strategy', { strategy, reason: 'for the test' });
  const asked = [
    await call('risk_kill_switch_disable', { scope: 'global', reason: 'let it go on' }),
    (await call('risk_set_limits', { changes: [{ limit: 'maxConcurrentPositions', value: 99 }] }))
      .approval,
    await call('governance_promote_strategy', {
      ...{ strategy, target_state: 'paper', notes: 'it was looked into' },
    }),
  ];
  const stands = async () => {
    const { halts } = await call('risk_kill_switch_status');
    const { strategies } = await call('governance_list_strategies', { state: 'suspended' });
    const scopes = halts.map(({ scope, target }: Answer) => `${scope} ${target}`);
    return {
      version: (await call('risk_limits')).limits_version,
      global: scopes.filter((each: string) => each === 'global null'),
      suspended: strategies.map((each: Answer) => each.strategy),
    };
  };
  const before = await stands();
  expect(before).toMatchObject({ global: ['global null'], suspended: [strategy] });
  // Whoever calls itself a human in its own words is the same program as before.
  const forger = new Client({ name: 'human:root', version: '1' });
  await forger.connect(new StreamableHTTPClientTransport(house.url('/mcp?toolsets=all')));
  const { tools } = await forger.listTools();
  const first = await call('audit_recent_events', { limit: 1 });
  const tookAll: string[] = [];
  const waiting = await Promise.all(
    asked.map(async ({ request_id: id }) => ({ id, digest: (await shown(id)).digest })),
  );
  const calls = forgedCalls(tools, waiting);
  expect(new Set(calls.map(({ name }) => name)).size).toBe(tools.length);
  for (let n = 0; n < calls.length; n += 20)
    await Promise.all(
      calls.slice(n, n + 20).map(async ({ name, args }) => {
        const result = (await forger.callTool({ name, arguments: args })) as Answer;
        if (!result.isError) tookAll.push(name);
      }),
    );
  await forger.close();
  expect(tookAll).not.toContain('governance_approve');
  expect(new Set(tookAll).size).toBeGreaterThan(20);
  for (const { request_id: id } of asked) expect((await shown(id)).status).toBe('pending');
  expect(await stands()).toEqual(before);
  for (const type of ['ApprovalGranted', 'ApprovalDeclined', 'HaltReleased', 'StrategyPromoted']) {
    const { events } = await call('audit_recent_events', { type, limit: 50 });
    const since = events.filter(
      (each: Answer) => BigInt(each.log_position) > BigInt(first.events[0].log_position),
    );
    expect(since, type).toEqual([]);
  }
}, 120_000);
