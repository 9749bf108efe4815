import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestHouse, type TestHouse } from './test-house.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not there makes the test fail.
type Answer = { readonly [field: string]: any };

let house: TestHouse;
let client: Client;
const called = async (name: string, args: object = {}) =>
  (await client.callTool({ name, arguments: { ...args } })) as Answer;
const call = async (name: string, args: object = {}): Promise<Answer> => {
  const result = await called(name, args);
  if (result.isError) throw new Error(result.content[0].text);
  return result.structuredContent;
};
const refusal = async (name: string, args: object): Promise<string> => {
  const result = await called(name, args);
  expect(result.isError).toBe(true);
  return result.content[0].text;
};

const filled = async (orderId: string): Promise<void> => {
  const status = async () =>
    (await call('execution_get_order', { order_id: orderId })).order.status;
  const isFilled = async () => expect(await status()).toBe('filled');
  await vi.waitFor(isFilled, { interval: 25, timeout: 10_000 });
};

const market = { symbol: 'NVDA', side: 'buy', order_type: 'market' };
let bought: Answer;
beforeAll(async () => {
  house = await startTestHouse();
  client = new Client({ name: 'replay', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(house.url('/mcp')));
  bought = await call('execution_paper_order', { ...market, qty: 10 });
  await filled(bought.order.order_id);
  await refusal('execution_paper_order', { ...market, qty: 5_000 });
  await call('risk_validate_trade', { ...market, symbol: 'AAPL', qty: 3 });
}, 120_000);
afterAll(async () => {
  await client.close();
  await house.stop();
});

describe('audit.replay_session', () => {
  test('executes the newest session again: equal, and tells its decisions with what failed', async () => {
    const replay = await call('audit_replay_session');
    expect(replay).toMatchObject({
      ...{ result: 'equal', first_difference: null, assessments: 3 },
      events_taken_as_recorded: {},
    });
    expect(replay.events_decided_again).toBe(replay.events);
    const [preview, denied, first] = replay.decisions;
    expect([preview.purpose, denied.outcome, first.outcome]).toEqual([
      ...['preview', 'DENIED', 'APPROVED'],
    ]);
    expect(denied.checks.map((check: Answer) => check.code)).toContain('MAX_ORDER_VALUE');
    expect(denied.checks.every((check: Answer) => check.status === 'FAIL')).toBe(true);
    expect(first).toMatchObject({ order_id: bought.order.order_id, checks: [] });
    const full = await call('audit_replay_session', { detail: 'full', limit: 1 });
    expect(full.decisions[0].checks.length).toBeGreaterThan(20);
    expect(full.next_cursor).toBe('1');
  });

  test('shows the account as it was known at any event', async () => {
    const replay = await call('audit_replay_session');
    const first = replay.decisions.at(-1);
    const then = await call('audit_replay_session', { as_of: first.event_id });
    expect(then.as_of).toMatchObject({
      ...{ event_id: first.event_id, type: 'RiskAssessed' },
      portfolio: { cash: '100000', positions: [] },
      orders: [],
      limits: { version: 1, values: { maxPositionBps: '500', 'order.maxValueBps': '1000' } },
    });
    expect(then.decisions).toHaveLength(1);
    const after = await call('audit_replay_session', {
      as_of: `${Number(then.as_of.log_position) + 1}`,
    });
    expect(after.as_of.orders).toMatchObject([
      { order_id: bought.order.order_id, status: 'submitted', filled_qty: '0' },
    ]);
    expect(replay.as_of.portfolio.positions).toMatchObject([{ symbol: 'NVDA', quantity: '10' }]);
    const { equity } = await call('portfolio_status');
    expect(Math.abs(Number(replay.as_of.portfolio.equity) - Number(equity))).toBeLessThan(50);
  });

  test('is had by date and by stream, and refuses what is none', async () => {
    const { session } = await call('audit_replay_session');
    const date = session.slice(-10);
    expect((await call('audit_replay_session', { session: date })).session).toBe(session);
    expect((await call('audit_replay_session', { session })).session).toBe(session);
    expect(await refusal('audit_replay_session', { session: '1999-01-04' })).toMatch(
      /^UNKNOWN_SESSION: There is no session session-paper-1999-01-04/,
    );
    expect(await refusal('audit_replay_session', { session: 'watchlist-default' })).toMatch(
      /^UNKNOWN_SESSION/,
    );
    expect(await refusal('audit_replay_session', { as_of: '0' })).toMatch(/^UNKNOWN_EVENT/);
    expect(await refusal('audit_replay_session', { as_of: 'nonsense' })).toMatch(/^UNKNOWN_EVENT/);
    expect(await refusal('audit_replay_session', { cursor: 'x' })).toMatch(/^INVALID_ARGUMENT/);
  });

  test('answers others meanwhile', async () => {
    const replays = [1, 2, 3].map(() => call('audit_replay_session'));
    await call('system_health');
    for (const { result } of await Promise.all(replays)) expect(result).toBe('equal');
  });
});

describe('audit.what_if', () => {
  test('makes a table of limits: what changes, by which check, and what it comes to', async () => {
    const none = { maxPositionBps: 0 };
    const wide = {
      ...{ 'order.maxValue': '10000000', 'order.maxValueBps': 1_000_000 },
      ...{ maxPositionBps: 1_000_000, maxGrossExposureBps: 1_000_000, maxTradeRiskBps: 1_000_000 },
      ...{ maxOrderVolumeBps: 10_000, 'order.maxQuantity': '100000' },
    };
    const answer = await call('audit_what_if', { cases: [none, {}, wide] });
    expect(answer.decisions).toBe(3);
    expect(answer.as_recorded).toMatchObject({ approved: 2, denied: 1 });
    const [less, same, more] = answer.cases;
    expect(same).toMatchObject({ ...answer.as_recorded, pnl_difference: '0', changes: [] });
    expect(less).toMatchObject({ approved: 0, denied: 3, decisions_changed: 2, pnl: '0' });
    expect(less.changes[0]).toMatchObject({
      ...{ before: 'APPROVED', after: 'DENIED', code: 'POSITION_SIZE', symbol: 'NVDA' },
      ...{ filled_qty_before: '10', filled_qty_after: '0', limit: '0' },
    });
    expect(Number(less.pnl_difference)).toBeCloseTo(-Number(answer.as_recorded.pnl), 6);
    // Cash does not pay for five thousand shares: the next check in turn says so.
    expect(more.limits['order.maxValue']).toBe('10000000');
    expect(more.denied).toBe(1);
  });

  test('fills what it lets through by what the market has shown since', async () => {
    // More than a twentieth of the equity, and less than its cash pays for.
    await refusal('execution_paper_order', { ...market, qty: 70 });
    await expect
      .poll(async () => {
        await called('risk_validate_trade', { ...market, qty: 1 });
        const cases = [{ maxPositionBps: 3_000, maxTradeRiskBps: 5_000 }];
        const answer = await call('audit_what_if', { cases });
        return answer.cases[0].changes.map((change: Answer) => [
          ...[change.before, change.after, change.code, change.filled_qty_after],
        ]);
      })
      .toEqual([['DENIED', 'APPROVED', 'POSITION_SIZE', '70']]);
  });

  test('refuses limits that there are not, values that do not fit, and days without a session', async () => {
    expect(await refusal('audit_what_if', { cases: [{ maxPosition: 5 }] })).toMatch(
      /^INVALID_ARGUMENT: The limits of this session have no maxPosition\. They have .*maxPositionBps/,
    );
    expect(await refusal('audit_what_if', { cases: [{ maxPositionBps: -3 }] })).toMatch(
      /^INVALID_ARGUMENT: These values do not fit: maxPositionBps/,
    );
    expect(await refusal('audit_what_if', { cases: [] })).toMatch(/^INVALID_ARGUMENT/);
    expect(await refusal('audit_what_if', { cases: [{}], session: '1999-01-04' })).toMatch(
      /^UNKNOWN_SESSION/,
    );
  });
});

/** Faults of the earlier system, by their number in the list of them. */
describe('the earlier system’s faults', () => {
  test('D14: what is recorded is answered, and explained from signal to fill', async () => {
    const { events } = await call('audit_recent_events', { symbol: 'NVDA', limit: 50 });
    const types = events.map(({ type }: Answer) => type);
    for (const type of ['OrderSubmitted', 'OrderFilled', 'OrderDenied'])
      expect(types).toContain(type);
    const explained = await call('audit_explain_trade', { audit_event_id: bought.order.order_id });
    expect(explained.re_executed.result).toBe('equal');
    const told = explained.narrative.map(({ event_id }: Answer) => event_id);
    const fill = events.find(
      ({ type, order_id }: Answer) => type === 'OrderFilled' && order_id === bought.order.order_id,
    );
    expect(told).toContain(fill.event_id);
  });

  test('D43: what is told of the kill switch and of a reconciliation is what stands', async () => {
    expect((await call('risk_kill_switch_status')).halts).toEqual([]);
    await call('risk_kill_switch_enable', { scope: 'strategy', target: 'orb_v1' });
    expect((await call('risk_kill_switch_status')).halts).toMatchObject([
      { scope: 'strategy', target: 'orb_v1' },
    ]);
    const { needs_decision: needed } = await call('system_brief');
    expect(JSON.stringify(needed)).toContain('orb_v1');
    expect(await call('execution_reconcile')).toMatchObject({ resolved: [] });
  });

  test('D5: stopping and winding down take no name of an operator, and work', async () => {
    expect(
      await call('risk_kill_switch_enable', { scope: 'symbol', target: 'AAPL' }),
    ).toBeDefined();
    expect(await call('execution_flatten_all')).toMatchObject({ status: 'done' });
    expect(await call('risk_kill_switch_enable', { scope: 'global' })).toBeDefined();
    expect((await call('portfolio_positions')).positions).toEqual([]);
    expect(await refusal('execution_paper_order', { ...market, qty: 1 })).toMatch(/^KILL_STATE/);
  });
});
