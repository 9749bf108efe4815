import { price } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { tradingDay } from '../session/test-day.ts';
import { stopAfter } from './stop.ts';

const at = (text: string) => price.of(text);

describe('a trailing stop to sell', () => {
  const stopAt = (best: string, amount: string): string => {
    const day = tradingDay();
    const held = day.place({ shares: 10 });
    day.quote('100/100', 1);
    expect(day.status(held)).toBe('filled');
    const order = day.place(
      {
        ...{ shares: 10, side: 'sell', orderType: 'trailing_stop' },
        trail: { amount: at(amount), bps: null },
      },
      2,
    );
    const working = day.session().working.get(order);
    if (working === undefined) throw new Error('the order does not work');
    return price.format(stopAfter(working, at(best)) ?? at('999'));
  };

  test('stands its trail behind the best price', () => {
    expect(stopAt('100', '5')).toBe('95');
  });

  test('never stands at nothing or below, however long its trail is', () => {
    expect(stopAt('5', '5')).toBe('0.01');
    expect(stopAt('3', '5')).toBe('0.01');
    expect(stopAt('5.01', '5')).toBe('0.01');
  });
});
