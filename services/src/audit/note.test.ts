import { type OrderId, price } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { dayAfter, tradingDay } from '../execution/session/test-day.ts';
import { storiesOf } from './test-stories.ts';

type Day = ReturnType<typeof tradingDay>;

const at = (text: string) => price.of(text);
const exits = { takeProfit: at('105'), stopLoss: at('95') };

/** The headline of orders, as their story stands in the end. */
const headlines = async (orders: readonly OrderId[], ...days: readonly Day[]) => {
  const { explain } = await storiesOf(days.map(({ events }) => events));
  const told: string[] = [];
  for (const id of orders) told.push((await explain(id)).headline);
  return told;
};

describe('the headline of a trade', () => {
  test('says that its stop loss took it out', async () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, exits });
    day.bar('100 101 94 96', 1);
    const stop = day.exitOf(order, 'stop_loss');
    for (const headline of await headlines([order, stop], day))
      expect(headline).toMatch(/^buy 10 NVDA: stopped out, net -5\d/);
  });

  test('says that its exits closed it where a stop brought it in and its target took it out', async () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, orderType: 'stop', triggerPrice: at('101'), exits });
    day.bar('100 106 94 104', 1);
    const [headline] = await headlines([order], day);
    expect(headline).toMatch(/^buy 10 NVDA: closed by its take profit, net 3\d/);
  });

  test('says what is held as long as nothing has closed it', async () => {
    const day = tradingDay();
    const order = day.place({ shares: 10, exits });
    day.bar('100 101 99 100', 1);
    const [headline] = await headlines([order], day);
    expect(headline).toMatch(/^buy 10 NVDA: 10 shares bought, 10 held, .*nothing has closed it/);
  });

  test('counts closings by other decisions, part by part, and says whose they were', async () => {
    const day = tradingDay();
    const bought = day.place({ shares: 10 });
    day.quote('99.99/100.00', 1);
    const part = day.place({ shares: 4, side: 'sell' }, 2);
    day.quote('101/101.02', 3);
    const [entered, left] = await headlines([bought, part], day);
    expect(entered).toMatch(
      /^buy 10 NVDA: 10 shares bought, 6 still held, 4 closed by orders of other decisions; 4 dollars realised so far/,
    );
    expect(left).toMatch(
      /^sell 4 NVDA: took 4 shares out of the long position that decision \S+ opened, which still holds 6; 4 dollars/,
    );
    const rest = day.place({ shares: 6, side: 'sell' }, 4);
    day.quote('102/102.02', 5);
    const told = await headlines([bought, part, rest], day);
    expect(told[0]).toMatch(`buy 10 NVDA: closed by order ${rest} of another decision, net 15.`);
    expect(told[1]).toMatch(
      new RegExp(`took 4 shares out of .*, and order ${rest} closed it, net 15`),
    );
    expect(told[2]).toMatch(
      /^sell 6 NVDA: closed the long position that decision \S+ opened, net 15/,
    );
  });

  test('tells a position that other decisions share', async () => {
    const day = tradingDay();
    const first = day.place({ shares: 10 });
    day.quote('99.99/100.00', 1);
    const more = day.place({ shares: 5 }, 2);
    day.quote('99.99/100.00', 3);
    const [, shared] = await headlines([first, more], day);
    expect(shared).toMatch(/5 shares bought, 15 held in a position that other decisions share/);
    const out = day.place({ shares: 15, side: 'sell' }, 4);
    day.quote('101/101.02', 5);
    const [told] = await headlines([more], day);
    expect(told).toMatch(`buy 5 NVDA: closed by order ${out} of another decision, net 14.`);
    expect(told).toContain("on the whole position of 15 shares, others' among them");
  });

  test('counts what another decision closes in a later session', async () => {
    const day = tradingDay();
    const order = day.place({ shares: 10 });
    day.quote('99.99/100.00', 1);
    const next = dayAfter(day, '100', []);
    const out = next.place({ shares: 10, side: 'sell' }, 2);
    next.quote('102/102.02', 3);
    const [told, closing] = await headlines([order, out], day, next);
    expect(told).toMatch(`closed by order ${out} of another decision, net 19.`);
    expect(closing).toMatch(/^sell 10 NVDA: closed the long position/);
  });
});
