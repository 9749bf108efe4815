import { price } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import type { Place } from './bar-trade.ts';
import { restOfBar } from './index.ts';
import { barOf, said } from './test-bars.ts';
import { open, orderOf, submittedAt } from './test-look.ts';

const at = submittedAt.add({ seconds: 90 });

describe('of a bar in which an order has filled its exits meet', () => {
  const rest = (prices: string, intent: Partial<OrderIntent>, [place, each]: [Place, string]) => {
    const bar = barOf(prices);
    const { open, high, low, close, ...left } = restOfBar(bar, orderOf(intent), {
      ...{ place, price: price.of(each), at },
    });
    expect(left).toMatchObject({ start: at, end: bar.end, volume: bar.volume });
    return [open, high, low, close].map(price.format).join(' ');
  };
  const buyAt = { limitPrice: price.of('98') };
  const sellAt = { side: 'sell', limitPrice: price.of('104') } as const;
  const stop = { orderType: 'stop', triggerPrice: price.of('104') } as const;
  const stopLoss = { side: 'sell', orderType: 'stop', triggerPrice: price.of('96') } as const;

  test('all of it after a fill at the open', () => {
    expect(rest('100 105 95 99', {}, ['open', '100.02'])).toBe('100 105 95 99');
    expect(rest('100 105 95 99', { side: 'sell' }, ['open', '99.98'])).toBe('100 105 95 99');
  });

  test('nothing but the close after a fill at the close, whatever was paid over it', () => {
    expect(rest('100 105 95 99', {}, ['close', '99.03'])).toBe('99 99 99 99');
    expect(rest('100 105 95 99', { side: 'sell' }, ['close', '98.97'])).toBe('99 99 99 99');
  });

  test.each<[string, Partial<OrderIntent>, string, string, string]>([
    [
      'a limit to buy: the low, and no high but the close',
      buyAt,
      '98',
      '100 105 97 99',
      '98 99 97 99',
    ],
    ['a limit to buy that the close is below', buyAt, '98', '100 105 97 97.5', '98 98 97 97.5'],
    [
      'a limit to sell: the high, and no low but the close',
      sellAt,
      '104',
      '100 105 95 99',
      '104 105 99 99',
    ],
    [
      'a limit to sell that the close is above',
      sellAt,
      '104',
      '100 105 95 104.5',
      '104 105 104 104.5',
    ],
    ['a stop to buy: the high', stop, '104', '100 105 95 99', '104 105 99 99'],
    ['a stop to sell: the low', stopLoss, '96', '100 105 95 99', '96 99 95 99'],
  ])('what is still to come after %s', (_, intent, fill, bar, left) => {
    expect(rest(bar, intent, ['inside', fill])).toBe(left);
  });
});

test('a stop of which nobody knows where it stands is reached by nothing', () => {
  expect(said(orderOf({ orderType: 'stop' }), barOf('100 105 95 99'))).toEqual([]);
});

describe('an order trades in a bar', () => {
  const bar = barOf('100 105 95 99');
  const opensAt = submittedAt.add({ seconds: 30 });
  const fills = (intent: Partial<OrderIntent>) =>
    said(orderOf(intent), bar, { session: { ...open, opensAt } }).map((report) => [
      report.type,
      report.at.toString(),
    ]);

  test('at its open when it began, and inside it when it has ended', () => {
    expect(fills({})).toEqual([['fill', bar.start.toString()]]);
    expect(fills({ limitPrice: price.of('98') })).toEqual([['fill', bar.end.toString()]]);
  });

  test('at the opening when it is for that', () => {
    expect(fills({ timeInForce: 'opg' })).toEqual([['fill', bar.start.toString()]]);
  });

  test('no further from the market than it was protected for', () => {
    expect(fills({ collar: price.of('99.5') })).toEqual([]);
    expect(fills({ collar: price.of('100.5') })).toEqual([['fill', bar.start.toString()]]);
  });
});
