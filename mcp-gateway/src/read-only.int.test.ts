import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let trader: TestClient;
beforeAll(async () => {
  house = await startTestHouse();
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
