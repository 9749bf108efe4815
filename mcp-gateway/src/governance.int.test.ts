import {
  type CallToolResult,
  Client,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainEverything } from './test-explained.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let client: Client;
beforeAll(async () => {
  house = await startTestHouse();
  client = new Client({ name: 'governance', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(house.url('/mcp')));
});
afterAll(async () => {
  await client.close();
  await house.stop();
});

// biome-ignore lint/suspicious/noExplicitAny: what is not there makes the test fail.
type Answer = { readonly [field: string]: any };
const ask = async (name: string, args: object = {}): Promise<CallToolResult> =>
  (await client.callTool({ name, arguments: { ...args } })) as CallToolResult;
const textOf = ({ content }: CallToolResult): string => {
  const [first] = content;
  return first?.type === 'text' ? first.text : '';
};
const call = async (name: string, args: object = {}): Promise<Answer> => {
  const result = await ask(name, args);
  if (result.isError === true) throw new Error(textOf(result));
  return result.structuredContent as Answer;
};
const refusal = async (name: string, args: object = {}): Promise<string> => {
  const result = await ask(name, args);
  expect(result.isError, JSON.stringify(result.structuredContent)).toBe(true);
  return textOf(result);
};

const fast = {
  name: 'Fast momentum',
  description: 'Buys a breakout of ten bars instead of twenty.',
  type: 'momentum_v1',
  parameters: { breakoutBars: 10 },
};
const notes = 'as the runbook says';
const order = (strategy_id: string, more: object = {}) => ({
  ...{ symbol: 'NVDA', side: 'buy', qty: 5, order_type: 'market', strategy_id },
  ...more,
});

const operator = (path: string, body?: object, key = 'k'.repeat(43)): Promise<Response> =>
  fetch(house.url(path), {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

describe('governance.create_strategy', () => {
  test('makes a strategy in draft, which can be scanned and trades nothing', async () => {
    expect(await call('governance.create_strategy', fast)).toMatchObject({
      ...{ strategy: 'fast_momentum', state: 'draft', next_state: 'research' },
      parameters: { breakoutBars: 10, rewardToRisk: 2 },
    });
    const scan = await call('strategy.signal', { symbol: 'NVDA', strategy: 'fast_momentum' });
    expect(scan.conditions.length).toBeGreaterThan(3);
    expect(await refusal('execution.paper_order', order('fast_momentum'))).toMatch(
      /^STRATEGY_STATE: .*draft/,
    );
  });

  test('says of what is wrong with it what would be right', async () => {
    expect(
      await refusal('governance.create_strategy', { ...fast, type: 'momentum', name: 'Other' }),
    ).toMatch(/^UNKNOWN_TYPE: .*momentum_v1/);
    expect(
      await refusal('governance.create_strategy', { ...fast, parameters: { breakout_bars: 9 } }),
    ).toMatch(/^INVALID_ARGUMENT: .*breakoutBars/);
    expect(await refusal('governance.create_strategy', { ...fast, parameters: {} })).toMatch(
      /^STRATEGY_EXISTS: /,
    );
  });
});

describe('governance.promote_strategy', () => {
  test('moves one state on by what is recorded, and says what is lacking', async () => {
    const to = (target_state: string) => ({ strategy: 'fast_momentum', target_state, notes });
    expect(await refusal('governance.promote_strategy', to('live'))).toMatch(
      /^NOT_NEXT: .*draft.*research/,
    );
    expect(await call('governance.promote_strategy', to('research'))).toMatchObject({
      ...{ status: 'promoted', state: 'research', request_id: null },
      criteria: [{ criterion: 'CONFIGURATION', met: true }],
    });
    expect(await refusal('governance.promote_strategy', to('backtest'))).toMatch(
      /^CRITERIA_NOT_MET: Not met: BACKTESTS 0 \(>= 1/,
    );
    expect(
      await refusal('governance.promote_strategy', { ...to('research'), strategy: 'nope' }),
    ).toMatch(/^UNKNOWN_STRATEGY: .*governance.list_strategies/);
  });

  test('retires for good', async () => {
    await call('governance.create_strategy', { ...fast, name: 'Short lived' });
    const to = (target_state: string) => ({ strategy: 'short_lived', target_state, notes });
    expect(await call('governance.promote_strategy', to('retired'))).toMatchObject({
      ...{ status: 'retired', state: 'retired' },
    });
    expect(await refusal('governance.promote_strategy', to('research'))).toMatch(/^RETIRED: /);
  });
});

describe('governance.evaluate_promotion', () => {
  test('says of each criterion what is measured, required and met', async () => {
    const evaluated = await call('governance.evaluate_promotion', {
      ...{ strategy: 'momentum_v1', target_state: 'paper_approved' },
    });
    expect(evaluated).toMatchObject({ state: 'paper', ready: false, needs_human: false });
    const trades = evaluated.criteria.find(({ criterion }: Answer) => criterion === 'TRADES');
    expect(trades).toEqual({
      ...{ criterion: 'TRADES', measured: 0, comparison: '>=', required: 20 },
      ...{ unit: 'trades', met: false },
    });
    expect(JSON.stringify(evaluated).length).toBeLessThan(3_200);
    expect(
      await refusal('governance.evaluate_promotion', {
        ...{ strategy: 'momentum_v1', target_state: 'live_approved' },
      }),
    ).toMatch(/^NOT_NEXT: .*paper_approved/);
  });
});

describe('governance.check_drift', () => {
  test('does not call it ok where there are no trades', async () => {
    expect(await call('governance.check_drift', { strategy: 'momentum_v1' })).toMatchObject({
      ...{ level: 'insufficient', trades: 0, state: 'paper' },
    });
    expect(await refusal('governance.check_drift', { strategy: 'no such' })).toMatch(
      /^UNKNOWN_STRATEGY: /,
    );
  });
});

describe('governance.suspend_strategy', () => {
  test('stops new entries at once, and a human lets it trade again, bound to what was asked', async () => {
    expect(await call('execution.paper_order', order('orb_v1'))).toBeDefined();
    expect(
      await call('governance.suspend_strategy', { strategy: 'orb_v1', reason: 'x' }),
    ).toMatchObject({ state: 'suspended', returns_to: 'paper', already_suspended: false });
    expect(await refusal('execution.paper_order', order('orb_v1', { qty: 4 }))).toMatch(
      /^KILL_STATE: /,
    );
    expect(
      await refusal('risk.kill_switch_disable', {
        ...{ scope: 'strategy', target: 'orb_v1', reason: 'let it trade again' },
      }),
    ).toMatch(/^SUSPENDED: .*promote_strategy/);
    const asked = await call('governance.promote_strategy', {
      ...{ strategy: 'orb_v1', target_state: 'paper', notes },
    });
    expect(asked).toMatchObject({ status: 'approval_required', state: 'suspended' });
    const refused = `/approvals/${asked.request_id}`;
    const { request: first } = (await (await operator(refused)).json()) as Answer;
    const wrong = { digest: 'f'.repeat(64), approves: false };
    expect((await operator(refused, wrong)).status).toBe(409);
    const no = await operator(refused, { digest: first.digest, approves: false });
    expect(await no.json()).toMatchObject({
      told: 'Declined. Strategy orb_v1 stays in state suspended.',
    });
    expect((await operator(refused, { digest: first.digest, approves: true })).status).toBe(409);
    const { strategies } = await call('governance.list_strategies', { state: 'suspended' });
    expect(strategies).toMatchObject([{ strategy: 'orb_v1', pending_request: null }]);
    const { request_id } = await call('governance.promote_strategy', {
      ...{ strategy: 'orb_v1', target_state: 'paper', notes },
    });
    expect(request_id).not.toBe(asked.request_id);
    expect(asked.how_to_approve).toContain(`npm run approve -- ${asked.request_id}`);
    const path = `/approvals/${request_id}`;
    expect((await operator(path, undefined, 'x'.repeat(43))).status).toBe(401);
    const { request: shown } = (await (await operator(path)).json()) as Answer;
    expect(shown).toMatchObject({
      kind: 'promotion',
      title: 'Promote strategy orb_v1 from suspended to paper',
      reason_given: notes,
      criteria: expect.arrayContaining([
        {
          criterion: 'Rule and parameters unchanged since the last promotion',
          ...{ measured: 'yes', needed: 'yes', met: true },
        },
      ]),
    });
    const approve = (digest: string) => operator(path, { digest, approves: true });
    expect((await approve('f'.repeat(64))).status).toBe(409);
    expect(await refusal('governance.approve', { request_id, digest: shown.digest })).toMatch(
      /^HUMAN_REQUIRED: local:.*npm run approve/,
    );
    const approved = await approve(shown.digest);
    expect(await approved.json()).toMatchObject({
      told: 'Approved. Strategy orb_v1 is in state paper.',
    });
    const csv = await call('audit.export');
    const { contents } = await client.readResource({ uri: csv.resource.uri });
    const [{ text }] = contents as unknown as [{ readonly text: string }];
    const said = text.split('\r\n').filter((line) => line.includes('strategy-orb_v1'));
    const granted = said.filter((line) => line.includes('ApprovalGranted'));
    expect(granted).toHaveLength(1);
    expect(granted[0]).toContain(shown.digest);
    expect(said.some((line) => /ApprovalDeclined/.test(line) && line.includes(first.digest))).toBe(
      true,
    );
    expect((await approve(shown.digest)).status).toBe(409);
    expect((await operator(path)).status).toBe(404);
    const { halts } = await call('risk.kill_switch_status');
    expect(halts.filter(({ target }: Answer) => target === 'orb_v1')).toEqual([]);
    expect(await call('execution.paper_order', order('orb_v1', { qty: 3 }))).toBeDefined();
  });

  test('of what nobody knows is refused', async () => {
    expect(await refusal('governance.suspend_strategy', { strategy: 'nope' })).toMatch(
      /^UNKNOWN_STRATEGY: /,
    );
  });
});

describe('governance.list_strategies', () => {
  test('shows each with who brought it where it stands, and why', async () => {
    const { strategies } = await call('governance.list_strategies', { limit: 100 });
    const of = (id: string) => strategies.find(({ strategy }: Answer) => strategy === id);
    expect(of('momentum_v1')).toMatchObject({
      ...{ state: 'paper', by: 'system:start-up', reason: expect.stringContaining('paper') },
    });
    expect(of('orb_v1')).toMatchObject({ state: 'paper', reason: notes });
    expect(of('orb_v1').by).toMatch(/^operator-key:[0-9a-f]{12}$/);
    expect(of('fast_momentum')).toMatchObject({ state: 'research', denied_promotions: 1 });
    const retired = await call('governance.list_strategies', { state: 'retired' });
    expect(retired.strategies.map(({ strategy }: Answer) => strategy)).toEqual(['short_lived']);
    const page = await call('governance.list_strategies', { limit: 3 });
    expect([page.strategies.length, typeof page.next_cursor]).toEqual([3, 'string']);
    expect(await refusal('governance.list_strategies', { state: 'blessed' })).toMatch(
      /^INVALID_ARGUMENT: /,
    );
  });
});

describe('governance.approve', () => {
  test('is nothing that a program can do, whatever it names', async () => {
    const request_id = '01890000-0000-7000-8000-000000000001';
    for (const digest of ['f'.repeat(64), 'human:ada'])
      expect(await refusal('governance.approve', { request_id, digest })).toMatch(
        /^HUMAN_REQUIRED: /,
      );
    expect(await refusal('governance.approve', { request_id: 'x', digest: 'y' })).toMatch(
      /^INVALID_ARGUMENT: /,
    );
  });
});

test('every id that the events of governance show can be explained', async () => {
  const types = await explainEverything(call);
  for (const type of ['StrategySuspended', 'HaltEngaged', 'PromotionRequested'])
    expect(types).toContain(type);
});
