import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

const symbols = [
  ...['NVDA', 'MSFT', 'AAPL', 'AMZN', 'GOOGL', 'META', 'TSLA', 'AMD', 'INTC', 'ORCL'],
  ...['CRM', 'ADBE', 'NFLX', 'JPM', 'BAC', 'GS', 'V', 'MA', 'WMT', 'KO'],
  ...['PEP', 'DIS', 'XOM', 'CVX', 'JNJ', 'PFE', 'UNH', 'HD', 'NKE', 'BA'],
];

/** The rule by which the list of tools is measured, too. */
const charactersPerToken = 3.5;

let house: TestHouse;
let tools: TestClient;
let orderId: string;

const tokensOf = (answer: Answer): number =>
  Math.round(JSON.stringify(answer).length / charactersPerToken);

const filled = async (rest: object): Promise<string> => {
  const order = { symbol: 'NVDA', side: 'buy', qty: 10, order_type: 'market', ...rest };
  const placed = await tools.call('execution.paper_order', order);
  const { order_id } = placed.order;
  await tools.until('execution.get_order', { order_id }, ({ order }) => order.status === 'filled');
  return order_id;
};

beforeAll(async () => {
  house = await startTestHouse();
  tools = await testClient(house);
  await tools.call('watchlist.add', { symbols, group: 'tech' });
  orderId = await filled({ stop_loss: 20, take_profit: 900, reason: 'a test of words' });
}, 90_000);
afterAll(async () => {
  await tools.close();
  await house.stop();
});

describe('what a model reads', () => {
  test.each<[string, object]>([
    ['system.brief', {}],
    ['portfolio.status', {}],
    ['portfolio.positions', {}],
    ['market.quote', { symbol: 'NVDA' }],
    ['market.bars', { symbol: 'NVDA' }],
    ['market.health', {}],
    ['regime.evaluate', { symbol: 'NVDA' }],
    ['strategy.signal', { symbol: 'NVDA', strategy: 'momentum_v1' }],
    ['risk.size_position', { symbol: 'NVDA', side: 'buy' }],
    ['risk.limits', {}],
    ['risk.exposure', {}],
    ['risk.drawdown', {}],
    ['execution.list_orders', {}],
    ['execution.list_orders', { open: true }],
    ['audit.stats', {}],
    ['market.snapshot', { symbols: symbols.slice(0, 10) }],
    ['risk.validate_trade', { symbol: 'NVDA', side: 'buy', qty: 10, order_type: 'market' }],
    ['risk.validate_trade', { symbol: 'NVDA', side: 'sell', qty: 10_000, order_type: 'market' }],
    ['audit.recent_events', {}],
    ['audit.recent_events', { symbol: 'NVDA', limit: 1 }],
    ['governance.evaluate_promotion', { strategy: 'momentum_v1', target_state: 'paper_approved' }],
  ])('is at most 800 tokens where it is asked as usual: %s', async (name, args) => {
    expect(tokensOf(await tools.call(name, args))).toBeLessThanOrEqual(800);
  });

  test('is at most 2,500 tokens of thirty symbols before six strategies', async () => {
    const scan = await tools.call('strategy.scan', { group: 'tech' });
    expect(scan.evaluated).toBe(180);
    expect(scan.rejections).toBeNull();
    expect(tokensOf(scan)).toBeLessThanOrEqual(2_500);
    const turnedAway = scan.failed.reduce(
      (sum: number, { no_signal_count: n }: Answer) => sum + n,
      0,
    );
    expect(scan.signals_count + turnedAway).toBe(180);
  });

  test('is at most 1,200 tokens of an explanation, which tells who asked and what came of it', async () => {
    const explained = await tools.call('audit.explain_trade', { audit_event_id: orderId });
    expect(tokensOf(explained)).toBeLessThanOrEqual(1_200);
    expect(explained.headline).toMatch(
      /^buy 10 NVDA: 10 shares bought, 10 held, with .*; nothing has closed it/,
    );
    expect(explained.narrative[0].text).toMatch(
      /local:\S+ by execution\.paper_order asked to buy 10/,
    );
    expect(explained.narrative[0].text).toMatch(/\d+ other checks passed or did not apply/);
    const ids = explained.narrative.map(({ event_id }: Answer) => event_id);
    expect(new Set(ids).size).toBe(ids.length);
    const args = { audit_event_id: orderId, detail: 'full' };
    const full = await tools.call('audit.explain_trade', args);
    expect(full.narrative.length).toBeGreaterThan(34);
  });

  test('tells the same story of an exit as of the order that it belongs to', async () => {
    const { orders } = await tools.call('execution.list_orders', { symbol: 'NVDA' });
    const exit = orders.find(({ exit_of }: Answer) => exit_of === orderId);
    const explained = await tools.call('audit.explain_trade', { audit_event_id: exit.order_id });
    expect(explained.order_id).toBe(orderId);
    const text = explained.narrative.map((line: Answer) => line.text).join(' ');
    expect(
      text.match(/(The order|Its stop loss|Its take profit).* went to the paper venue/g),
    ).toHaveLength(3);
  });

  test('is at most 300 tokens of one order', async () => {
    const told = await tools.call('execution.get_order', { order_id: orderId });
    expect(tokensOf(told.order)).toBeLessThanOrEqual(300);
    expect(tokensOf(told)).toBeLessThanOrEqual(800);
    const [fill, ...more] = told.fills;
    expect(more).toEqual([]);
    expect(fill).toMatchObject({ qty: '10', price: told.order.average_price });
    const { orders } = await tools.call('execution.list_orders', { open: true });
    const exits = orders.map((exit: Answer) => exit.order_id);
    expect(told.exits.toSorted()).toEqual(exits.toSorted());
  });
});

describe('a denial', () => {
  const order = (rest: object) => ({ symbol: 'NVDA', side: 'buy', order_type: 'market', ...rest });

  test('says what was measured against which limit, and how to come within it', async () => {
    const text = await tools.refusal('execution.paper_order', order({ qty: 9_000 }));
    expect(text).toMatch(/^MAX_ORDER_VALUE: .*Measured \d+(\.\d+)?, limit \d+(\.\d+)? \(usd\)/);
    expect(text).toContain('risk.size_position');
  });

  test('names the exits that hold the shares, and what releases them', async () => {
    const text = await tools.refusal('execution.paper_order', order({ side: 'sell', qty: 5 }));
    expect(text).toMatch(/^SHORT_SALE: .*10 of your shares are held by exits \S+ and \S+:/);
    expect(text).toContain('execution.close_position releases and sells them');
  });

  test('says when there is room for another message', async () => {
    let text = '';
    for (let qty = 1; qty < 12 && !text.startsWith('MAX_MESSAGES'); qty++) {
      const args = { name: 'execution.paper_order', arguments: order({ symbol: 'KO', qty }) };
      const answer: Answer = await tools.client.callTool(args);
      text = answer.isError ? answer.content[0].text : '';
    }
    expect(text).toMatch(/^MAX_MESSAGES: .*Try again in [01]\.\d s\.$/);
  });

  test('of a suspended strategy names the way back', async () => {
    await tools.call('governance.suspend_strategy', { strategy: 'momentum_v1', reason: 'a test' });
    const args = order({ symbol: 'XOM', qty: 1, strategy_id: 'momentum_v1' });
    expect(await tools.refusal('execution.paper_order', args)).toMatch(
      /^KILL_STATE: .*momentum_v1 is suspended: governance\.promote_strategy/,
    );
  });
});
