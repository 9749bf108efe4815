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
    ['audit.stats', {}],
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

  test('is at most 300 tokens of one order', async () => {
    const { order } = await tools.call('execution.get_order', { order_id: orderId });
    expect(tokensOf(order)).toBeLessThanOrEqual(300);
  });
});
