import {
  Client,
  ResourceNotFoundError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let trader: TestClient;
let filled: string;
let denied: string;
let day: string;
let run: string;
beforeAll(async () => {
  house = await startTestHouse();
  trader = await testClient(house);
  await trader.call('watchlist_add', { symbols: ['NVDA', 'NFLX', 'MSFT', 'AMZN'], group: 'tech' });
  const order = { symbol: 'NVDA', side: 'buy', order_type: 'market' };
  const placed = await trader.call('execution_paper_order', { ...order, qty: 10 });
  filled = placed.order.order_id;
  await trader.refusal('execution_paper_order', { ...order, qty: 1_000_000 });
  const { orders } = await trader.call('execution_list_orders', { status: 'denied' });
  denied = orders[0].order_id;
  day = (await trader.call('portfolio_status')).session_date;
  const backtest = { strategy: 'momentum_v1', symbols: ['NVDA'], start: '2026-06-01' };
  run = (await trader.call('backtest_run', backtest)).run_id;
});
afterAll(async () => {
  await trader?.close();
  await house?.stop();
});

const connected = async (version: string, path: string): Promise<Client> => {
  const mode = version === 'legacy' ? 'legacy' : { pin: version };
  const client = new Client({ name: 'reader', version: '1' }, { versionNegotiation: { mode } });
  await client.connect(new StreamableHTTPClientTransport(house.url(path)));
  return client;
};

describe.each(['2026-07-28', 'legacy'])('a client of protocol %s', (version) => {
  let client: Client;
  beforeAll(async () => {
    client = await connected(version, '/mcp');
  });
  afterAll(() => client?.close());

  const read = async (uri: string): Promise<Answer> => {
    const { contents } = await client.readResource({ uri });
    expect(contents[0]).toMatchObject({ uri, mimeType: 'application/json' });
    return JSON.parse((contents[0] as { readonly text: string }).text);
  };
  const completed = async (
    ref:
      | { readonly type: 'ref/prompt'; readonly name: string }
      | { readonly type: 'ref/resource'; readonly uri: string },
    name: string,
    value: string,
  ): Promise<readonly string[]> =>
    (await client.complete({ ref, argument: { name, value } })).completion.values;
  const textOf = async (name: string, args: Record<string, string>): Promise<string> => {
    const { messages } = await client.getPrompt({ name, arguments: args });
    const [message] = messages as readonly { readonly content: Answer }[];
    return message?.content.text;
  };

  test('is told which market this is, the usual order of work and how to stop everything', () => {
    const told = client.getInstructions() ?? '';
    expect(told).toMatch(/a simulated market \(source mock\).*no real money/);
    expect(told).toMatch(/system_brief, market_health.*execution_paper_order.*audit_explain_trade/);
    expect(told).toMatch(/risk_kill_switch_enable with scope global.*execution_flatten_all/);
    expect(told.length).toBeLessThan(1_500);
  });

  test('reads a session, an explanation and a backtest as the tools answer them', async () => {
    const replayed = await trader.call('audit_replay_session', { session: day });
    const session = await read(`sentinel://sessions/paper/${day}`);
    expect(session).toMatchObject({ session: replayed.session, result: 'equal' });
    for (const id of [filled, denied]) {
      const explained = await trader.call('audit_explain_trade', { audit_event_id: id });
      const { as_of_position: _, ...explanation } = await read(
        `sentinel://orders/${id}/explanation`,
      );
      expect(explained).toMatchObject(explanation);
    }
    const { as_of_position: _, ...status } = await trader.call('backtest_status', { run_id: run });
    expect(await read(`sentinel://backtests/${run}`)).toMatchObject(status);
  });

  test('is told of the templates, and nothing else is listed', async () => {
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'sentinel://export/events/{after}-{last}.csv',
      'sentinel://sessions/{account}/{day}',
      'sentinel://orders/{id}/explanation',
      'sentinel://backtests/{run}',
    ]);
    expect((await client.listResources()).resources).toEqual([]);
  });

  test.each([
    'sentinel://sessions/paper/1999-01-04',
    'sentinel://sessions/nobody/2026-11-27',
    'sentinel://sessions/paper/today',
    'sentinel://orders/01890000-0000-7000-8000-000000000001/explanation',
    'sentinel://orders/------------------------------------/explanation',
    'sentinel://backtests/01890000-0000-7000-8000-000000000001',
    'sentinel://backtests/',
    'file:///etc/passwd',
  ])('is told by the error of the protocol that nothing stands at %s', async (uri) => {
    const error = await client.readResource({ uri }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ResourceNotFoundError);
    expect(error).toMatchObject({ code: -32602, data: { uri } });
  });

  test('gets each prompt with its arguments in it, and only tools that there are', async () => {
    const { prompts } = await client.listPrompts();
    expect(
      prompts.map(({ name, arguments: args }) => [
        name,
        args?.map((each) => `${each.name}${each.required ? '' : '?'}`),
      ]),
    ).toEqual([
      ['morning_brief', ['group?']],
      ['investigate_denial', ['order']],
      ['promote_strategy', ['strategy', 'target_state?']],
      ['close_the_day', ['keep?', 'note?']],
    ]);
    const texts = await Promise.all([
      textOf('morning_brief', { group: 'Tech' }),
      textOf('investigate_denial', { order: denied }),
      textOf('promote_strategy', { strategy: 'momentum_v1', target_state: 'research' }),
      textOf('close_the_day', { keep: 'nvda, $brk.b', note: 'the "gap"' }),
    ]);
    for (const [n, word] of [
      'the group tech',
      denied,
      'promoted to research',
      'NVDA, BRK.B',
    ].entries())
      expect(texts[n]).toContain(word);
    const names = new Set((await client.listTools()).tools.map(({ name }) => name));
    const named = texts.flatMap(
      (text) =>
        text.match(
          /\b(system|market|risk|regime|strategy|audit|governance|execution|portfolio)_[a-z_]+/g,
        ) ?? [],
    );
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((name) => !names.has(name) && name !== 'audit_event_id')).toEqual([]);
  });

  test.each([
    ['investigate_denial', {}, /order: /],
    ['investigate_denial', { order: 'the last one' }, /order: must be the id/],
    ['promote_strategy', { strategy: 'momentum_v1', target_state: 'moon' }, /target_state: /],
    ['close_the_day', { keep: 'NVDA; and all' }, /keep.*must be a ticker/],
    ['morning_brief', { group: 'tech', mood: 'bad' }, /mood/],
    ['buy_everything', {}, /There is no such prompt/],
  ])('is refused the prompt %s with %j', async (name, args, words) => {
    const error = await client
      .getPrompt({ name, arguments: { ...args } })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: -32602, message: expect.stringMatching(words) });
  });

  test('completes symbols, groups, strategies, states, orders, accounts and days', async () => {
    const prompt = (name: string) => ({ type: 'ref/prompt', name }) as const;
    const template = (uri: string) => ({ type: 'ref/resource', uri }) as const;
    expect(await completed(prompt('close_the_day'), 'keep', 'n')).toEqual(['NFLX', 'NVDA']);
    expect(await completed(prompt('close_the_day'), 'keep', 'NVDA,ms')).toEqual(['NVDA,MSFT']);
    expect(await completed(prompt('morning_brief'), 'group', '')).toEqual(['tech']);
    expect(await completed(prompt('promote_strategy'), 'strategy', 'mom')).toEqual(['momentum_v1']);
    expect(await completed(prompt('promote_strategy'), 'target_state', 'paper')).toEqual([
      'paper',
      'paper_approved',
    ]);
    expect(await completed(prompt('investigate_denial'), 'order', '')).toEqual([denied]);
    const orders = template('sentinel://orders/{id}/explanation');
    expect(await completed(orders, 'id', filled.slice(0, 20))).toContain(filled);
    const sessions = template('sentinel://sessions/{account}/{day}');
    expect(await completed(sessions, 'account', '')).toEqual(['paper']);
    expect(await completed(sessions, 'day', day.slice(0, 4))).toEqual([day]);
    expect(await completed(template('sentinel://backtests/{run}'), 'run', '')).toEqual([]);
    expect(await completed(prompt('close_the_day'), 'note', 'x')).toEqual([]);
    for (const [ref, name] of [
      [prompt('nothing'), 'x'],
      [sessions, 'month'],
      [prompt('close_the_day'), 'toString'],
    ] as const)
      await expect(completed(ref, name, '')).rejects.toMatchObject({ code: -32602 });
  });

  test('is offered nothing on /mcp/readonly that trades, and nothing of rooms that it left out', async () => {
    const reader = await connected(version, '/mcp/readonly');
    expect(reader.getInstructions()).not.toMatch(/paper_order|flatten_all/);
    expect((await reader.listPrompts()).prompts.map(({ name }) => name)).toEqual([
      'morning_brief',
      'investigate_denial',
    ]);
    await reader.close();
    const narrow = await connected(version, '/mcp?toolsets=market');
    expect((await narrow.listPrompts()).prompts).toEqual([]);
    await expect(narrow.readResource({ uri: `sentinel://backtests/${run}` })).rejects.toThrow(
      ResourceNotFoundError,
    );
    await narrow.close();
  });
});
