import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { accessEvents } from '@sentinel/contracts/access';
import type { GrantId } from '@sentinel/contracts/kernel';
import { systemClock } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localOperator, type Principal } from './auth/index.ts';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

const grantId = '01890000-0000-7000-8000-0000000000a1' as GrantId;
const agent: Principal = {
  ...{ name: 'agent:claude', kind: 'agent', grant: { grantId } },
  scopes: new Set(['read']),
};

let house: TestHouse;
let trader: TestClient;
beforeAll(async () => {
  const operator = localOperator();
  house = await startTestHouse({}, async (request) =>
    request.headers['x-client'] === 'granted' ? agent : operator(request),
  );
  trader = await testClient(house);
  await trader.call('watchlist_add', { symbols: ['NVDA', 'MSFT'], group: 'tech' });
});
afterAll(async () => {
  await trader?.close();
  await house?.stop();
});

/** What a reader must leave as it was. */
const whatStands = async () => {
  const [orders, limits, halts, positions, watchlist, strategies] = await Promise.all([
    trader.call('execution_list_orders', { detail: 'full', limit: 100 }),
    trader.call('risk_limits'),
    trader.call('risk_kill_switch_status'),
    trader.call('portfolio_positions'),
    trader.call('watchlist_list'),
    trader.call('governance_list_strategies'),
  ]);
  return {
    orders: orders.orders,
    version: limits.version,
    halts: halts.halts,
    positions: positions.positions,
    watchlist: watchlist.entries,
    strategies: strategies.strategies,
  };
};

const observed = new Set([
  'RegimeClassified',
  'SignalFound',
  'ScanCompleted',
  'RiskAssessed',
  'EvidenceRecorded',
]);

const trade = { symbol: 'NVDA', side: 'buy', qty: 10, order_type: 'market' };

describe.each(['2026-07-28', 'legacy'])('a client of /mcp/readonly, protocol %s', (version) => {
  let client: Client;
  beforeAll(async () => {
    const mode = version === 'legacy' ? 'legacy' : { pin: version };
    client = new Client({ name: 'reader', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(house.url('/mcp/readonly')));
  });
  afterAll(() => client?.close());

  const call = async (name: string, args: Record<string, unknown>): Promise<Answer> => {
    const result = await client.callTool({ name, arguments: args });
    if (result.isError) throw new Error(JSON.stringify(result.content));
    return result.structuredContent as Answer;
  };

  test('is shown tools that only read, each annotated so', async () => {
    const { tools } = await client.listTools();
    expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    expect(tools.every(({ annotations }) => annotations?.destructiveHint !== true)).toBe(true);
    const names = tools.map(({ name }) => name);
    for (const name of ['regime_evaluate', 'strategy_scan', 'strategy_signal'])
      expect(names).toContain(name);
  });

  test('classifies, scans, asks a strategy, sizes, validates and explains; nothing but the record of it is new', async () => {
    const before = await whatStands();
    const [newest] = (await trader.call('audit_recent_events', { detail: 'full', limit: 1 }))
      .events;
    const { event_id } = await call('regime_evaluate', { symbol: 'NVDA' });
    await call('strategy_scan', { group: 'tech' });
    await call('strategy_signal', { symbol: 'NVDA', strategy: 'momentum_v1' });
    await call('risk_size_position', { symbol: 'NVDA', side: 'buy', stop: '100' });
    const { decision_id } = await call('risk_validate_trade', trade);
    for (const id of [event_id, decision_id]) {
      const { re_executed } = await call('audit_explain_trade', { audit_event_id: id });
      expect(re_executed.result).toBe('equal');
    }
    expect(await whatStands()).toEqual(before);
    const { events } = await trader.call('audit_recent_events', { detail: 'full', limit: 100 });
    const added = events
      .filter(
        ({ log_position, tool }: Answer) =>
          BigInt(log_position) > BigInt(newest.log_position) &&
          /^(regime|strategy|risk)\./.test(tool),
      )
      .map(({ type }: Answer) => type);
    expect(added).toContain('RiskAssessed');
    expect(added.filter((type: string) => !observed.has(type))).toEqual([]);
  });

  test.each(['execution_paper_order', 'execution_propose_order', 'risk_kill_switch_enable'])(
    'has no tool %s',
    async (name) => {
      await expect(client.callTool({ name, arguments: trade })).rejects.toThrow(/There is no tool/);
    },
  );
});

describe('a client that acts by a grant', () => {
  const by = { principal: 'human:alice', identifiedBy: 'passkey', through: 'page' } as const;
  const metadata = {
    ...{ principal: by.principal, client: 'desk', tool: 'desk' },
    ...{ correlationId: 'desk', causationId: 'desk' },
  };
  const terms = {
    ...{ symbols: null, accounts: ['paper'], maxOrderValue: null, maxDayValue: null },
    expiresAt: null,
  };
  const at = systemClock();
  let client: Client;
  beforeAll(async () => {
    const grant = {
      ...{ grantId, client: { id: 'claude', name: 'Claude' }, principal: by.principal },
      ...{ ...terms, abilities: ['look' as const] },
    };
    const { execute } = house.sentinel.grants;
    await execute(grantId, { type: 'GrantAccess', grant, by, at }, metadata);
    client = new Client({ name: 'granted', version: '1' });
    const requestInit = { headers: { 'x-client': 'granted' } };
    await client.connect(new StreamableHTTPClientTransport(house.url('/mcp'), { requestInit }));
  });
  afterAll(() => client?.close());

  const call = async (name: string, args: object = {}): Promise<Answer> =>
    client.callTool({ name, arguments: { ...args } });
  const names = async () => (await client.listTools()).tools.map(({ name }) => name);
  const change = async (abilities: readonly ('look' | 'trade')[]) => {
    const version = (await house.sentinel.grants.newest(grantId))?.version ?? 0;
    const command = { type: 'ChangeAccess', version, by, at } as const;
    return house.sentinel.grants.execute(
      grantId,
      { ...command, terms: { ...terms, abilities: [...abilities] } },
      metadata,
    );
  };

  test('is widened, narrowed and shut out by a human, each from its next call on', async () => {
    expect(await names()).not.toContain('execution_paper_order');
    expect(await names()).toContain('risk_kill_switch_enable');
    const refused = await call('execution_paper_order', trade);
    expect(refused.content[0].text).toMatch(/^INSUFFICIENT_SCOPE: insufficient_scope: .*\/desk/);
    expect((await change(['look', 'trade'])).ok).toBe(true);
    expect(await names()).toContain('execution_paper_order');
    const placed = await call('execution_paper_order', trade);
    expect(placed.isError).toBeUndefined();
    expect((await change(['look'])).ok).toBe(true);
    expect((await call('execution_paper_order', trade)).isError).toBe(true);
    expect((await call('portfolio_status')).isError).toBeUndefined();
    const revoking = { type: 'RevokeAccess', reason: null, by, at } as const;
    expect((await house.sentinel.grants.execute(grantId, revoking, metadata)).ok).toBe(true);
    expect((await call('portfolio_status')).content[0].text).toMatch(/^NO_ACCESS: /);
    await expect(names()).rejects.toThrow(/NO_ACCESS/);
  });

  test('has left no event of access but those of the human', async () => {
    const written: string[] = [];
    for (const type of [...Object.keys(accessEvents), 'AccessAdopted']) {
      const { events } = await trader.call('audit_recent_events', { type, limit: 100 });
      written.push(...events.map((each: Answer) => `${each.type} ${each.principal}`));
    }
    expect([...new Set(written)].sort()).toEqual(
      ['AccessAdopted', 'AccessChanged', 'AccessGranted', 'AccessRevoked'].map(
        (type) => `${type} human:alice`,
      ),
    );
  });
});
