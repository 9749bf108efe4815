import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHouse, type TestHouse } from './test-house.ts';

let house: TestHouse;
let id = 0;

/** A call as its bytes: what no client library would let through is what matters here. */
const post = async (name: string, args: string): Promise<string> => {
  const body = `{"jsonrpc":"2.0","id":${++id},"method":"tools/call","params":{"name":"${name}","arguments":${args}}}`;
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const response = await fetch(house.url('/mcp'), { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  const text = await response.text();
  const { result } = JSON.parse(
    text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? '{}'),
  );
  expect(result.isError).toBe(true);
  expect(result.structuredContent).toBeUndefined();
  return result.content[0].text;
};

const logPosition = async (): Promise<string> => {
  const [log] = await house.sentinel.components();
  return log?.detail ?? '';
};

beforeAll(async () => {
  house = await startTestHouse();
}, 60_000);
afterAll(() => house.stop());

const order = (fields: string): string => `{"side":"buy","order_type":"market",${fields}}`;

describe('bad input', () => {
  test.each([
    ['a negative quantity', order('"symbol":"NVDA","qty":-1')],
    ['a quantity of zero', order('"symbol":"NVDA","qty":0')],
    ['a quantity beyond every float', order('"symbol":"NVDA","qty":1e400')],
    ['a quantity of 20 digits', order('"symbol":"NVDA","qty":12345678901234567890')],
    ['a quantity of 20 digits as text', order('"symbol":"NVDA","qty":"12345678901234567890"')],
    ['a quantity that is no number', order('"symbol":"NVDA","qty":"NaN"')],
    ['an exponent', order('"symbol":"NVDA","qty":"1e3"')],
    ['full-width digits', order('"symbol":"NVDA","qty":"１０"')],
    ['a quantity that is an object', order('"symbol":"NVDA","qty":{"$gt":0}')],
    ['no quantity', order('"symbol":"NVDA"')],
    [
      'a limit order without a price',
      '{"symbol":"NVDA","side":"buy","order_type":"limit","qty":1}',
    ],
    ['a market order with one', order('"symbol":"NVDA","qty":1,"limit_price":"100"')],
    [
      'a limit price of seven places',
      '{"symbol":"NVDA","side":"buy","order_type":"limit","qty":1,"limit_price":"1.0000001"}',
    ],
    ['a Greek capital Nu for an N', order('"symbol":"ΝVDA","qty":1')],
    ['a Cyrillic capital A', order('"symbol":"NVDА","qty":1')],
    ['a zero-width space', order('"symbol":"NV\\u200bDA","qty":1')],
    ['an empty symbol', order('"symbol":"","qty":1')],
    ['a path for a symbol', order('"symbol":"../../etc/passwd","qty":1')],
    ['an unknown field', order('"symbol":"NVDA","qty":1,"confirm":true')],
    ['an unknown side', '{"symbol":"NVDA","side":"short","order_type":"market","qty":1}'],
    [
      'an order type that is not offered',
      '{"symbol":"NVDA","side":"buy","order_type":"stop","qty":1}',
    ],
  ])(
    'such as %s is refused with a code and what to do, and nothing is appended',
    async (_, args) => {
      const before = await logPosition();
      expect(await post('execution_paper_order', args)).toMatch(/^INVALID_ARGUMENT: .+\. .+\.$/);
      expect(await logPosition()).toBe(before);
    },
  );

  test('such as a symbol that no market knows is refused by name', async () => {
    const before = await logPosition();
    expect(await post('market_quote', '{"symbol":"TOOLONG9"}')).toMatch(/^UNKNOWN_SYMBOL: /);
    expect(await post('execution_paper_order', order('"symbol":"TOOLONG9","qty":1'))).toMatch(
      /^UNKNOWN_SYMBOL: /,
    );
    expect(await logPosition()).toBe(before);
  });

  test('of a kind that the domain must remember is appended as a refusal', async () => {
    const before = await logPosition();
    expect(await post('execution_paper_order', order('"symbol":"NVDA","qty":"999999"'))).toMatch(
      /^MAX_ORDER_VALUE: /,
    );
    expect(await logPosition()).not.toBe(before);
  });
});
