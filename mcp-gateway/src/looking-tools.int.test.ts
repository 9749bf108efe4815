import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let tools: TestClient;
const call: TestClient['call'] = (name, args) => tools.call(name, args);
const refusal: TestClient['refusal'] = (name, args) => tools.refusal(name, args);

/** Places a market order and waits until it is filled. */
const trade = async (side: string, qty: number, rest: object = {}): Promise<Answer> => {
  const order = { symbol: 'NVDA', side, qty, order_type: 'market', ...rest };
  const placed = await call('execution.paper_order', order);
  const { order_id } = placed.order;
  const filled = await tools.until('execution.get_order', { order_id }, (answer) =>
    ['filled', 'canceled', 'rejected'].includes(answer.order.status),
  );
  expect(filled.order.status).toBe('filled');
  return filled.order;
};

beforeAll(async () => {
  house = await startTestHouse();
  tools = await testClient(house);
  await call('watchlist.add', { symbols: ['NVDA', 'MSFT'], group: 'tech' });
  await trade('buy', 12, { stop_price: 60 });
  await trade('sell', 5);
  await trade('sell', 7);
  await trade('buy', 9, { strategy_id: 'momentum_v1' });
}, 90_000);
afterAll(async () => {
  await tools.close();
  await house.stop();
});

describe('the watchlist', () => {
  test('keeps a symbol in several groups, and counts them', async () => {
    const joined = await call('watchlist.add', { symbols: ['NVDA'], group: 'Semis' });
    expect(joined).toMatchObject({ added: [], already_there: ['NVDA'], joined: ['NVDA'] });
    const { groups } = await call('watchlist.groups');
    expect(groups).toEqual([
      { group: 'semis', symbols_count: 1 },
      { group: 'tech', symbols_count: 2 },
    ]);
    for (const group of ['semis', 'tech']) {
      const { entries } = await call('watchlist.list', { group });
      expect(entries.map(({ symbol }: Answer) => symbol)).toContain('NVDA');
    }
    const updated = await call('watchlist.update', {
      symbol: 'NVDA',
      leave_group: 'semis',
      notes: 'after earnings',
    });
    expect(updated).toMatchObject({
      changed: true,
      entry: { groups: ['tech'], notes: 'after earnings' },
    });
  });

  test('takes symbols off and on again, and tells who did what', async () => {
    const removed = await call('watchlist.remove', { symbols: ['MSFT', 'AAPL', 'ΝVDA'] });
    expect(removed).toMatchObject({
      removed: ['MSFT'],
      not_there: ['AAPL'],
      refused: [{ code: 'INVALID_SYMBOL' }],
    });
    await call('watchlist.add', { symbols: ['MSFT'], group: 'tech' });
    const { entry, history } = await call('watchlist.get', { symbol: 'MSFT' });
    expect(entry).toMatchObject({ active: true, groups: ['tech'] });
    expect(history.map(({ change }: Answer) => change)).toEqual(['added', 'removed', 'added']);
    expect(history[0].by).toMatch(/^\S+$/);
  });

  test('refuses a group that is not there, a scan of it too, and a symbol that never was', async () => {
    for (const [tool, args] of [
      ['watchlist.list', { group: 'banks' }],
      ['strategy.scan', { group: 'banks' }],
    ] as const)
      expect(await refusal(tool, args)).toMatch(/^UNKNOWN_GROUP: .*banks.*Groups: .*tech/);
    expect(await refusal('watchlist.get', { symbol: 'XOM' })).toMatch(/^NOT_ON_WATCHLIST: XOM/);
    expect(await refusal('watchlist.update', { symbol: 'XOM', notes: 'x' })).toMatch(
      /^NOT_ON_WATCHLIST: XOM/,
    );
    expect(await refusal('watchlist.update', { symbol: 'NVDA', leave_group: 'banks' })).toMatch(
      /^UNKNOWN_GROUP: NVDA is not in a group banks/,
    );
  });
});

describe('portfolio.history', () => {
  test('tells the round trip with its P&L, and the position that is open not yet', async () => {
    const { trades, next_cursor, mode } = await call('portfolio.history');
    expect(mode).toContain('paper');
    expect(next_cursor).toBeNull();
    expect(trades).toHaveLength(1);
    const [trip] = trades;
    expect(trip).toMatchObject({ symbol: 'NVDA', side: 'long', shares: '12', exit: 'order' });
    const realized = Number(trip.realized_pnl_usd);
    const exact = 12 * (Number(trip.exit_price) - Number(trip.entry_price));
    expect(realized).toBeCloseTo(exact, 1);
    expect(Number(trip.net_pnl_usd)).toBeCloseTo(realized - Number(trip.fees_usd), 6);
    expect(Number(trip.fees_usd)).toBeGreaterThan(0);
    expect(trip.stop_price).toBe('60');
    expect(trip.r_multiple).not.toBeNull();
    expect(trip.slippage_bps).toBeGreaterThan(0);
    const status = await call('portfolio.status');
    expect(status.realized_pnl_today).toBe(trip.realized_pnl_usd);
    const explained = await call('audit.explain_trade', { audit_event_id: trip.closing_event_id });
    expect(explained.re_executed.result).toBe('equal');
  });

  test('narrows by days, symbol and strategy, and refuses a strategy that is not there', async () => {
    const [trip] = (await call('portfolio.history')).trades;
    const day = trip.session_closed;
    expect((await call('portfolio.history', { start: day, end: day })).trades).toHaveLength(1);
    expect((await call('portfolio.history', { end: '2020-01-01' })).trades).toEqual([]);
    expect((await call('portfolio.history', { symbol: 'MSFT' })).trades).toEqual([]);
    expect((await call('portfolio.history', { strategy: 'momentum_v1' })).trades).toEqual([]);
    expect(await refusal('portfolio.history', { strategy: 'nope' })).toMatch(
      /^UNKNOWN_STRATEGY: .*nope.*momentum_v1/,
    );
    expect(await refusal('portfolio.history', { start: 'yesterday' })).toMatch(
      /^INVALID_ARGUMENT: .*start.*2026-11-23/,
    );
  });
});

describe('where the account stands', () => {
  test('exposure agrees with the portfolio, by symbol and by sector', async () => {
    const exposure = await call('risk.exposure');
    const { positions } = await call('portfolio.positions');
    expect(exposure.by_symbol).toMatchObject([{ symbol: 'NVDA', side: 'long' }]);
    expect(exposure.symbols_count).toBe(1);
    expect(positions).toHaveLength(1);
    expect(exposure.long_usd).toBe(exposure.gross_usd);
    expect(exposure.net_usd).toBe(exposure.gross_usd);
    expect(exposure.short_usd).toBe('0');
    expect(exposure.unpriced).toEqual([]);
    const room = Number(exposure.headroom_usd) + Number(exposure.gross_usd);
    const allowed = (Number(exposure.equity_usd) * exposure.gross_limit_bps) / 10_000;
    expect(room).toBeCloseTo(allowed, 2);
    expect(exposure.by_sector[0].value_usd).toBe(exposure.by_symbol[0].value_usd);
    expect(Number(exposure.cash_usd) + Number(exposure.net_usd)).toBeCloseTo(
      Number(exposure.equity_usd),
      6,
    );
  });

  test('drawdown tells day, week and peak, and the distance to the limits', async () => {
    const { day, week, peak, equity_usd } = await call('risk.drawdown');
    for (const since of [day, week]) {
      const lost = Math.max(0, Number(since.start_equity_usd) - Number(equity_usd));
      expect(Number(since.lost_usd)).toBeCloseTo(lost, 6);
      expect(since.limit_bps).toBeGreaterThan(0);
      expect(since.distance_bps).toBeLessThanOrEqual(since.limit_bps);
    }
    expect(peak.limit_bps).toBeNull();
    expect(Number(peak.start_equity_usd)).toBeGreaterThanOrEqual(Number(day.start_equity_usd));
  });

  test('limits tell where each stands, the nearest first', async () => {
    const { limits, per_order } = await call('risk.limits');
    const by = (name: string) => limits.find(({ limit }: Answer) => limit === name);
    expect(by('open_symbols')).toMatchObject({ now: '1', unit: 'count', state: 'ok' });
    expect(by('messages_per_session').now).toBe('4');
    expect(Number(by('position_size').now)).toBeGreaterThan(0);
    expect(by('position_size').detail).toBe('NVDA');
    for (const { allowed, now, room } of limits)
      expect(Number(room)).toBeCloseTo(Math.max(0, Number(allowed) - Number(now)), 5);
    const used = limits.map(({ now, allowed }: Answer) => Number(now) / Number(allowed));
    expect(used).toEqual([...used].sort((a, b) => b - a));
    expect(per_order.map(({ limit }: Answer) => limit)).toContain('order_value');
  });

  test('read-only clients see all of it', async () => {
    const reader = await testClient(house, '/mcp/readonly');
    for (const tool of ['risk.exposure', 'risk.drawdown', 'risk.limits', 'portfolio.history'])
      expect(await reader.call(tool)).toHaveProperty('mode');
    await expect(reader.call('watchlist.remove', { symbols: ['NVDA'] })).rejects.toThrow();
    await reader.close();
  });
});

describe('what was done', () => {
  test('completed trades name their outcome, decision and orders', async () => {
    const { trades } = await call('audit.trade_history');
    const [trip] = (await call('portfolio.history')).trades;
    expect(trades).toMatchObject([
      { trade_id: trip.trade_id, net_pnl_usd: trip.net_pnl_usd, decision_id: trip.decision_id },
    ]);
    expect(trades[0].outcome).toBe(Number(trip.net_pnl_usd) > 0 ? 'won' : 'lost');
    const order = await call('execution.get_order', { order_id: trades[0].closing_order_id });
    expect(order.order).toMatchObject({ side: 'sell', qty: '7' });
    expect(await refusal('audit.trade_history', { strategy: 'nope' })).toMatch(/^UNKNOWN_STRATEGY/);
  });

  test('decisions are told with what failed, by outcome, symbol and time, in pages', async () => {
    const denied = { symbol: 'MSFT', side: 'buy', qty: 100_000, order_type: 'market' };
    await call('risk.validate_trade', denied);
    const { decisions } = await call('audit.decision_log', { outcome: 'DENIED' });
    expect(decisions).toMatchObject([
      { purpose: 'preview', order: 'buy 100000 MSFT market', outcome: 'DENIED' },
    ]);
    expect(decisions[0].failed).toContain(decisions[0].denial_code);
    const nvda = await call('audit.decision_log', { symbol: 'NVDA', limit: 3 });
    expect(nvda.decisions).toHaveLength(3);
    const rest = await call('audit.decision_log', {
      symbol: 'NVDA',
      limit: 3,
      cursor: nvda.next_cursor,
    });
    expect(rest).toMatchObject({ decisions: [{ strategy: null }], next_cursor: null });
    const { at } = rest.decisions[0];
    const until = await call('audit.decision_log', { end: at });
    expect(until.decisions).toEqual([]);
    expect((await call('audit.decision_log', { start: at })).decisions).toHaveLength(5);
    expect(await refusal('audit.decision_log', { outcome: 'MAYBE' })).toMatch(/^INVALID_ARGUMENT/);
  });

  test('statistics count the trade once, from the capital that the account began with', async () => {
    const [trip] = (await call('portfolio.history')).trades;
    const stats = await call('audit.stats');
    const won = Number(trip.net_pnl_usd) > 0;
    expect(stats).toMatchObject({
      ...{ trades_count: 1, won_count: won ? 1 : 0, lost_count: won ? 0 : 1 },
      ...{ win_rate_pct: won ? 100 : 0, net_pnl_usd: trip.net_pnl_usd },
      ...{ starting_capital_usd: '100000', expectancy_r: trip.r_multiple },
      // No session has closed yet: a return of a day is not known.
      ...{ sessions_count: 0, sharpe_of_daily_returns: null },
    });
    if (!won) expect(stats.max_drawdown_bps).toBeGreaterThan(0);
    expect((await call('audit.stats', { strategy: 'momentum_v1' })).trades_count).toBe(0);
    expect(await refusal('audit.stats', { strategy: 'nope' })).toMatch(/^UNKNOWN_STRATEGY/);
  });

  test('an export is read by its address, byte for byte, and says the same the next time', async () => {
    const answered = await tools.client.callTool({ name: 'audit.export', arguments: {} });
    const export_ = answered.structuredContent as Answer;
    const content = answered.content as Answer[];
    expect(content[1]).toMatchObject({ type: 'resource_link', uri: export_.resource.uri });
    expect(export_).not.toHaveProperty('checkpoint');
    const read = async () => {
      const { contents } = await tools.client.readResource({ uri: export_.resource.uri });
      return (contents[0] as { readonly text: string }).text;
    };
    const text = await read();
    expect(createHash('sha256').update(text).digest('hex')).toBe(export_.sha256);
    expect(Buffer.byteLength(text)).toBe(export_.bytes);
    expect(text.split('\r\n')).toHaveLength(export_.events_count + 2);
    await call('watchlist.add', { symbols: ['XOM'] });
    expect(await read()).toBe(text);
    const part = await call('audit.export', { start: '2020-01-01' });
    expect(part.events_count).toBeGreaterThan(export_.events_count);
    expect(await refusal('audit.export', { end: '2020-01-01' })).toMatch(/^NOTHING_RECORDED/);
    expect(await refusal('audit.export', { format: 'pdf' })).toMatch(/^INVALID_ARGUMENT/);
    for (const uri of ['sentinel://export/events/0-999999999.csv', 'sentinel://nothing'])
      await expect(tools.client.readResource({ uri })).rejects.toThrow(/nothing at this address/);
  });
});

describe('the house itself', () => {
  test('views stand at the end of the log, each with its version', async () => {
    const status = await tools.until('projections.status', {}, ({ live }) => live);
    const names = status.views.map(({ view }: Answer) => view);
    expect(names).toContain('trades');
    for (const { version, behind_positions, problem } of status.views)
      expect({ behind_positions, problem, real: version > 0 }).toEqual({
        behind_positions: 0,
        problem: null,
        real: true,
      });
  });

  test('views are rebuilt by nobody who may not run the house', async () => {
    expect(await refusal('projections.rebuild', { view: 'orders' })).toMatch(/^FORBIDDEN/);
  });

  test('a brief tells what changed, and is calm while nothing waits', async () => {
    const brief = await call('system.brief');
    expect(brief).toMatchObject({ unreadable: [], needs_decision: [], calm: true });
    expect(brief.changed.fills).toBeGreaterThanOrEqual(4);
    expect(brief.changed.highlights[0].text).toMatch(/NVDA/);
    expect(brief.account.open_positions).toBe(1);
    const later = await call('system.brief', { since: brief.log_position });
    expect(later.changed.fills).toBe(0);
    expect(later.changed.highlights).toEqual([]);
    expect(await refusal('system.brief', { since: 'lately' })).toMatch(
      /^INVALID_ARGUMENT: .*since/,
    );
  });

  test('a brief is not calm while a halt stands and a human is asked', async () => {
    const halt = { scope: 'symbol', target: 'XOM', reason: 'a test of the brief' };
    const { log_position } = await call('risk.kill_switch_enable', halt);
    await call('risk.kill_switch_disable', halt);
    const brief = await call('system.brief', { since: `${BigInt(log_position) - 5n}` });
    expect(brief.calm).toBe(false);
    expect(brief.needs_decision.map(({ kind }: Answer) => kind)).toEqual(['release', 'halt']);
    expect(brief.needs_decision[0].until).not.toBeNull();
    expect(brief.changed.halts).toBe(1);
    expect(brief.headline).toMatch(/2 thing\(s\) need a decision/);
  });
});

test.each([
  ['watchlist.groups', 1],
  ['risk.exposure', 1],
  ['risk.drawdown', 1],
  ['risk.limits', 1],
  ['audit.stats', 1],
  ['audit.decision_log', 1],
  ['audit.export', 1],
  ['system.brief', 1],
  ['projections.status', 1],
  // So many trades are a page.
  ['portfolio.history', 4],
  ['audit.trade_history', 5],
])('%s answers in at most 800 tokens, of about four letters', async (tool, times) => {
  const { content } = await tools.client.callTool({ name: tool, arguments: {} });
  const [{ text }] = content as Answer[] as [Answer];
  expect((text.length / 4) * times).toBeLessThanOrEqual(800);
});
