import { price } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { tradingDay } from '../session/test-day.ts';
import { stopAfter } from './stop.ts';
import { orderOf } from './test-look.ts';

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

  /** Where a stop that stands at `from` stands after `best`, when it trails by `amount`. */
  const moved = (from: string, best: string, amount: string): string => {
    const order = orderOf(
      { side: 'sell', orderType: 'trailing_stop', trail: { amount: at(amount), bps: null } },
      { stopAt: at(from) },
    );
    return price.format(stopAfter(order, at(best)) ?? at('999'));
  };

  test('moves by a hundredth of its trail at the least, and by a tick', () => {
    expect(moved('95', '100.04', '5')).toBe('95');
    expect(moved('95', '100.05', '5')).toBe('95.05');
    expect(moved('99.5', '100', '0.5')).toBe('99.5');
    expect(moved('99.5', '100.01', '0.5')).toBe('99.51');
    // The tick is that of the market, though the stop stands on the finer grid below a dollar.
    expect(moved('0.695', '1.2', '0.5')).toBe('0.695');
    expect(moved('0.69', '1.2', '0.5')).toBe('0.7');
  });
});

describe('a trailing stop to buy', () => {
  test('follows the market down in whole steps, and never up', () => {
    const order = orderOf(
      { orderType: 'trailing_stop', trail: { amount: at('5'), bps: null } },
      { stopAt: at('105') },
    );
    const after = (best: string) => price.format(stopAfter(order, at(best)) ?? at('999'));
    expect([after('99.96'), after('99.95'), after('101')]).toEqual(['105', '104.95', '105']);
  });
});
