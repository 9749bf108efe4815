import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { messages, type ToolName, tools } from '@sentinel/contracts';
import type { Grant } from '@sentinel/contracts/access';
import {
  exchangeDate,
  type GrantId,
  grantIdSchema,
  type LogPosition,
  type RecordedEvent,
  type ToolDefinition,
} from '@sentinel/contracts/kernel';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { createTestDatabase } from '@sentinel/infra/postgres';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Principal } from './auth/index.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not there makes the test fail.
type Answer = { readonly [field: string]: any };

const grantId: GrantId = grantIdSchema.parse(newId());
const registered = { id: 'claude-1', name: 'Claude' };
const principal: Principal = {
  ...{ name: 'agent:claude-1', kind: 'agent', client: registered },
  ...{ scopes: new Set(), grant: { grantId } },
};
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const said = { 'sentinel/model': 'claude-of-the-test', traceparent };

let house: TestHouse;
let client: Client;
let database: Awaited<ReturnType<typeof createTestDatabase>>;

const give = async (): Promise<void> => {
  const by = { principal: 'human:ann', identifiedBy: 'passkey', through: 'page' } as const;
  const grant: Grant = {
    ...{ grantId, client: registered, principal: by.principal },
    ...{ abilities: ['look', 'propose', 'trade', 'govern'], symbols: null, accounts: null },
    ...{ maxOrderValue: null, maxDayValue: null, expiresAt: null },
  };
  const correlationId = newId();
  const metadata = { principal: by.principal, client: 'desk', tool: 'desk', correlationId };
  const given = await house.sentinel.grants.execute(
    grantId,
    { type: 'GrantAccess', grant, by, at: systemClock() },
    { ...metadata, causationId: correlationId },
  );
  expect(given.ok).toBe(true);
};
beforeAll(async () => {
  database = await createTestDatabase();
  const environment = { DATABASE_URL: database.connectionString, APPROVAL_ABOVE_USD: '4000' };
  house = await startTestHouse(environment, async () => principal);
  await give();
  client = new Client({ name: 'test-of-writers', version: '7' });
  await client.connect(
    new StreamableHTTPClientTransport(house.url('/mcp?toolsets=all'), {
      requestInit: { headers: { 'user-agent': 'test-of-writers/7' } },
    }),
  );
}, 60_000);
afterAll(async () => {
  await house.stop();
  await database.drop();
});

const call = async (name: ToolName, args: object = {}): Promise<Answer> => {
  const result = (await client.callTool({ name, arguments: { ...args }, _meta: said })) as Answer;
  if (result.isError) throw new Error(`${name}: ${result.content[0].text}`);
  return result.structuredContent;
};

/** All that the log holds, read when nobody writes it any more. */
const wholeLog = async (): Promise<readonly RecordedEvent[]> => {
  const log = { info: () => undefined, warn: () => undefined };
  const { connectionString } = database;
  const store = await openPostgresEventStore({ connectionString, now: systemClock, log });
  const events: RecordedEvent[] = [];
  for (let after = 0n as LogPosition; ; ) {
    const page = await store.readAll({ after });
    events.push(...page);
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.logPosition;
  }
  await store.close();
  return events;
};

const limit = { symbol: 'NVDA', side: 'buy', qty: 1, order_type: 'limit', limit_price: '1' };
const becomes = (orderId: string, status: string) =>
  vi.waitFor(
    async () => {
      const { order } = await call('execution.get_order', { order_id: orderId });
      expect(order.status).toBe(status);
    },
    { interval: 25, timeout: 10_000 },
  );

/** Something by each tool that writes. */
const useAll = async (): Promise<void> => {
  await call('watchlist.add', { symbols: ['NVDA', 'AAPL'], group: 'tech' });
  await call('watchlist.update', { symbol: 'NVDA', notes: 'looked at' });
  await call('watchlist.remove', { symbols: ['AAPL'] });
  await call('regime.evaluate', { symbol: 'NVDA' });
  await call('strategy.scan', { group: 'tech' });
  await call('strategy.signal', { symbol: 'NVDA', strategy: 'momentum_v1' });
  const market = { symbol: 'NVDA', side: 'buy', order_type: 'market' };
  await call('risk.validate_trade', { ...market, qty: 1 });
  await call('risk.size_position', { symbol: 'NVDA', side: 'buy' });
  await call('risk.set_limits', { changes: [{ limit: 'maxConcurrentPositions', value: 9 }] });
  const working = (await call('execution.paper_order', limit)).order.order_id;
  await becomes(working, 'accepted');
  await call('execution.replace_order', { order_id: working, qty: 2 });
  await becomes(working, 'accepted');
  await call('execution.cancel_order', { order_id: working });
  const bought = (await call('execution.paper_order', { ...market, qty: 2 })).order.order_id;
  await becomes(bought, 'filled');
  await call('execution.propose_order', { ...market, symbol: 'AAPL', qty: 1, reason: 'a wish' });
  await call('execution.reconcile');
  await call('execution.close_position', { symbol: 'NVDA' });
  await call('execution.cancel_all');
  await call('execution.flatten_all', { reason: 'out' });
  const made = {
    name: 'Mine',
    description: 'a strategy of nobody but this test',
    type: 'momentum_v1',
  };
  await call('governance.create_strategy', made);
  await call('governance.promote_strategy', {
    ...{
      strategy: 'mine',
      target_state: 'research',
      notes: 'because a test asks for it, and for no other reason',
    },
  });
  await call('governance.suspend_strategy', { strategy: 'momentum_v1' });
  await call('risk.kill_switch_enable', { scope: 'symbol', target: 'AAPL' });
  await call('risk.kill_switch_disable', {
    scope: 'symbol',
    target: 'AAPL',
    reason: 'what it was for is over',
  });
  const start = exchangeDate(systemClock().subtract({ hours: 24 * 90 }));
  const past = { strategy: 'momentum_v1', symbols: ['NVDA'], start };
  await call('backtest.run', past);
  await call('backtest.walk_forward', { ...past, windows: 2 });
};

/** Commands that leave no event here, each for its reason. */
const leaveNone: Readonly<Partial<Record<ToolName, string>>> = {
  'execution.reconcile': 'no order is of unknown outcome',
  'execution.reset_paper': 'no grant gives admin',
  'projections.rebuild': 'no grant gives admin',
  'governance.approve': 'it refuses whoever is no human',
  'backtest.cancel': 'nothing of a run that is canceled is kept',
};

test('every event that a tool writes says who, by which program and model, and by which grant', async () => {
  await useAll();
  await client.close();
  await house.stop();
  const log = await wholeLog();
  const definitions = Object.entries(tools) as [ToolName, ToolDefinition<keyof typeof messages>][];
  const commands = definitions
    .filter(([name, { message }]) => messages[message].kind === 'command' && !(name in leaveNone))
    .map(([name]) => name);
  const wrote = new Set(log.map(({ metadata }) => metadata.tool));
  expect(commands.filter((name) => !wrote.has(name))).toEqual([]);
  const byTools = log.filter(({ metadata }) => metadata.tool in tools);
  for (const { type, metadata } of byTools)
    expect([type, metadata]).toEqual([
      type,
      {
        ...{ principal: principal.name, client: 'test-of-writers/7', model: 'claude-of-the-test' },
        ...{
          grantId,
          grantVersion: 1,
          traceparent,
          tool: expect.toSatisfy((name) => name in tools),
        },
        ...{
          correlationId: metadata.causationId,
          causationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ]);
  // What is left the house did by itself, or a human at the desk.
  const others = log.filter((event) => !byTools.includes(event)).map(({ metadata }) => metadata);
  for (const { principal: who, tool } of others)
    expect([who, tool]).toEqual([
      expect.stringMatching(/^(system:[a-z-]+|human:ann)$/),
      expect.anything(),
    ]);
}, 60_000);
