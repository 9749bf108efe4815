import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { startTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let tools: TestClient;
const call: TestClient['call'] = (name, args) => tools.call(name, args);
const refusal: TestClient['refusal'] = (name, args) => tools.refusal(name, args);

beforeAll(async () => {
  house = await startTestHouse();
  tools = await testClient(house);
}, 60_000);
afterAll(async () => {
  await tools.close();
  await house.stop();
});

describe('arguments as models write them', () => {
  test.each<[string, object]>([
    ['a dollar sign before the ticker', { symbol: '$nvda' }],
    ['blanks around', { symbol: ' NVDA ', timeframe: ' daily ' }],
    ['null for absent', { symbol: 'NVDA', timeframe: null, start: null, limit: null }],
    ['1D', { symbol: 'NVDA', timeframe: '1D' }],
    ['numbers as text', { symbol: 'NVDA', limit: '5' }],
    ['plain dates', { symbol: 'NVDA', start: '2020-01-01', end: '2099-01-01' }],
  ])('are taken: %s', async (_, args) => {
    const { symbol, timeframe, bars } = await call('market.bars', args);
    expect({ symbol, timeframe }).toEqual({ symbol: 'NVDA', timeframe: '1Day' });
    expect(bars.close.length).toBeGreaterThan(0);
  });

  test.each([
    ['5m', '5Min'],
    ['1h', '1Hour'],
    ['1m', '1Min'],
    ['HOURLY', '1Hour'],
    ['15min', '15Min'],
  ])('the timeframe %s is %s', async (timeframe, expected) => {
    expect((await call('market.bars', { symbol: 'NVDA', timeframe })).timeframe).toBe(expected);
  });

  test('a month is no minute', async () => {
    expect(await refusal('market.bars', { symbol: 'NVDA', timeframe: '1M' })).toMatch(
      /^INVALID_ARGUMENT: timeframe: "1M" is not one of 1Min, /,
    );
  });

  test('an order with text, numbers and capitals in each other’s place is the order meant', async () => {
    const args = {
      ...{ symbol: '$NVDA', side: 'BUY', qty: ' 3 ', order_type: 'Market' },
      ...{ time_in_force: 'DAY', limit_price: null, stop_loss: null, idempotency_key: 7 },
    };
    const { order } = await call('execution.paper_order', args);
    expect(order).toMatchObject({ symbol: 'NVDA', side: 'buy', qty: '3', order_type: 'market' });
    const again = await call('execution.paper_order', { ...args, qty: 3, idempotency_key: '7' });
    expect(again).toMatchObject({ repeated: true, order: { order_id: order.order_id } });
    const upper = { order_id: order.order_id.toUpperCase() };
    expect((await call('execution.get_order', upper)).order.order_id).toBe(order.order_id);
  });

  test('a list of symbols comes as JSON text, and one bad entry refuses no other', async () => {
    const symbols = '["NVDA", "$msft", "ΝVDA", "TOOLONG9"]';
    const { snapshots, unknown } = await call('market.snapshot', { symbols });
    expect(snapshots.map(({ symbol }: Answer) => symbol)).toEqual(['NVDA', 'MSFT']);
    expect(unknown).toEqual(['TOOLONG9', 'ΝVDA']);
    const added = await call('watchlist.add', { symbols: 'AAPL, nope nope' });
    expect(added).toMatchObject({ added: ['AAPL'], refused: [{ code: 'INVALID_SYMBOL' }] });
  });

  test('a class of a share with a dash is not silently another instrument', async () => {
    expect(await refusal('market.quote', { symbol: 'BRK-B' })).toMatch(
      /^UNKNOWN_SYMBOL: .*BRK-B.*BRK\.B\.$/,
    );
    const known = await call('market.quote', { symbol: 'brk.b' });
    expect(known.symbol).toBe('BRK.B');
    expect(known).not.toHaveProperty('made_up');
  });

  test('the mock market says which tickers it has made up', async () => {
    expect((await call('market.quote', { symbol: 'NVDIA' })).made_up).toBe(true);
    const { made_up, added } = await call('watchlist.add', { symbols: ['NVDIA', 'AMD'] });
    expect({ made_up, added }).toEqual({ made_up: ['NVDIA'], added: ['NVDIA', 'AMD'] });
  });
});

describe('what cannot be taken is refused', () => {
  test('with all problems at once, in words, each with its value', async () => {
    const text = await refusal('execution.paper_order', {
      simbol: 'NVDA',
      side: 'short',
      quantity: 10,
      order_type: 'market',
      limit_price: '1.0000001',
    });
    expect(text).toMatch(/^INVALID_ARGUMENT: /);
    for (const part of [
      'symbol is missing, such as "NVDA".',
      'side: "short" is not one of buy, sell, sell_short.',
      'qty is missing, such as 10.',
      'limit_price: "1.0000001": must be a positive decimal',
      'There is no argument "simbol": did you mean symbol?',
      'There is no argument "quantity": did you mean qty?',
      'Correct them and call again; nothing was done.',
    ])
      expect(text).toContain(part);
  });

  test('by the names that there are where none is near, and short however long it was', async () => {
    expect(await refusal('market.quote', { symbol: 'NVDA', wibble: 1 })).toContain(
      'There is no argument "wibble": there are symbol.',
    );
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`z${n}`.repeat(50), n]));
    const text = await refusal('market.quote', { symbol: 'x'.repeat(10_000), ...many });
    expect(text.length).toBeLessThan(1_500);
    expect(text).toMatch(/And 29\d more\./);
  });
});
