import { eventIdSchema, price } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { tradingDay } from '../execution/session/test-day.ts';
import { headlineOf } from './note.ts';

const at = (text: string) => price.of(text);
const exits = { takeProfit: at('105'), stopLoss: at('95') };

/** The headline of the first decision of a day, as its story stands then. */
const headline = ({ events }: ReturnType<typeof tradingDay>): string => {
  const id = eventIdSchema.parse('01890000-0000-7000-8000-000000000000');
  const told = events.map((event) => ({ id, event }));
  const assessed = events.find((event) => event.type === 'RiskAssessed');
  if (assessed === undefined) throw new Error('nothing was judged');
  return headlineOf(assessed.data, told);
};

describe('the headline of a trade', () => {
  test('says that its stop loss took it out', () => {
    const day = tradingDay();
    day.place({ shares: 10, exits });
    day.bar('100 101 94 96', 1);
    expect(headline(day)).toMatch(/^buy 10 NVDA: stopped out, net -5\d/);
  });

  test('says that its exits closed it where a stop brought it in and its target took it out', () => {
    const day = tradingDay();
    day.place({ shares: 10, orderType: 'stop', triggerPrice: at('101'), exits });
    day.bar('100 106 94 104', 1);
    expect(headline(day)).toMatch(/^buy 10 NVDA: closed by its exits, net 3\d/);
  });

  test('says what is held as long as no exit has closed it', () => {
    const day = tradingDay();
    day.place({ shares: 10, exits });
    day.bar('100 101 99 100', 1);
    expect(headline(day)).toMatch(/^buy 10 NVDA: 10 shares bought, .*no exit of its own/);
  });
});
