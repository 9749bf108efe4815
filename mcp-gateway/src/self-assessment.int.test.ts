import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { startTestHouse, type TestHouse, testOperatorKey } from './test-house.ts';

let house: TestHouse;
let tools: TestClient;

const operator = async (path: string, body?: object): Promise<Answer> => {
  const response = await fetch(house.url(path), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${testOperatorKey}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return (await response.json()) as Answer;
};

beforeAll(async () => {
  house = await startTestHouse();
  tools = await testClient(house);
}, 60_000);
afterAll(async () => {
  await tools.close();
  await house.stop();
});

const order = { symbol: 'NVDA', side: 'buy', qty: 5, order_type: 'market' };
const area = ({ verdicts }: Answer, name: string): Answer =>
  verdicts.find(({ area: each }: Answer) => each === name);

test('counts denials by check, what waited for a human and halts, and gives no verdict without a sample', async () => {
  await tools.call('execution.paper_order', order);
  expect(await tools.refusal('execution.paper_order', { ...order, qty: 100_000 })).toMatch(
    /^[A-Z_]+: /,
  );
  await tools.call('risk.validate_trade', { ...order, symbol: 'MSFT', qty: 1 });
  await tools.call('regime.evaluate', { symbol: 'NVDA', timeframe: '1Day' });
  const halt = { scope: 'symbol', target: 'XOM', reason: 'a test of the report' };
  await tools.call('risk.kill_switch_enable', halt);
  await tools.call('risk.kill_switch_disable', halt);
  const report = await tools.call('audit.self_assessment');
  expect(report.decisions.by_purpose).toEqual({ order: 2, preview: 1 });
  expect(report.decisions.by_outcome).toEqual({ APPROVED: 2, DENIED: 1 });
  const { decisions } = await tools.call('audit.decision_log', { outcome: 'DENIED' });
  expect(report.decisions.denied_by_check).toEqual({ [decisions[0].denial_code]: 1 });
  expect(report.overrides).toMatchObject({ asked: { halt_release: 1 }, granted: {} });
  expect(report.stops).toMatchObject({ halts_by_the_house: 0, halts_by_others: 1 });
  expect(report.regime).toMatchObject([{ calls: 1, followed: 0, as_called: null }]);
  expect(report.gaps).toEqual({
    ...{ versions_missing: 0, approved_without_order: 0 },
    ...{ orders_of_unknown_outcome: 0, sessions_never_closed: 0 },
  });
  expect(report.unread).toEqual([]);
  for (const name of ['slippage', 'regime', 'drift'])
    expect(area(report, name)).toMatchObject({ verdict: 'insufficient', sample: 0 });
  expect(area(report, 'gaps').verdict).toBe('in_order');
});

test('a release that a human granted is counted once', async () => {
  const { requests } = await operator('/approvals');
  const [{ request_id: id, digest }] = requests as [Answer];
  await operator(`/approvals/${id}`, { digest, approves: true });
  const { overrides } = await tools.call('audit.self_assessment');
  expect(overrides).toMatchObject({ asked: { halt_release: 1 }, granted: { halt_release: 1 } });
});

test('is for read-only clients too, answers in 800 tokens, and refuses a period of nothing', async () => {
  const reader = await testClient(house, '/mcp/readonly');
  expect(await reader.call('audit.self_assessment')).toHaveProperty('verdicts');
  await reader.close();
  const { content } = await tools.client.callTool({ name: 'audit.self_assessment', arguments: {} });
  const [{ text }] = content as Answer[] as [Answer];
  expect(text.length / 4).toBeLessThanOrEqual(800);
  expect(await tools.refusal('audit.self_assessment', { end: '2020-01-01' })).toMatch(
    /^NOTHING_RECORDED/,
  );
});
