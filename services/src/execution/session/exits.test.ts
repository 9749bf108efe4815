import { price, quantity } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { noon } from '../../risk/fixtures.ts';
import { workingInTurn } from './index.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const exits = { takeProfit: at('105'), stopLoss: at('95') };

test('exits come after every order that was there, each in a turn of its own', () => {
  const day = tradingDay();
  const limit = { orderType: 'limit', limitPrice: at('90') } as const;
  const first = day.place({ shares: 10, exits });
  const second = day.place({ shares: 10, ...limit }, 1);
  const third = day.place({ shares: 10, ...limit }, 2);
  day.quote('100/100', 3);
  const later = day.place({ shares: 10, ...limit }, 4);
  const [stop, target] = [day.exitOf(first, 'stop_loss'), day.exitOf(first, 'take_profit')];
  const turns = workingInTurn(day.session());
  expect(turns.map(({ orderId }) => orderId)).toEqual([second, third, stop, target, later]);
  expect(new Set(turns.map(({ sequence }) => sequence)).size).toBe(5);
});

test('a correction of the price alone changes no exit, and refuses no new terms of one', () => {
  const day = tradingDay();
  const order = day.place({ shares: 10, exits });
  day.quote('100/100', 1);
  day.quote('100/100', 2);
  day.replace(day.exitOf(order, 'stop_loss'), { stopPrice: at('96') }, 3);
  const about = { orderId: order, venueOrderId: null, at: noon.add({ seconds: 4 }) };
  const events = day.take({
    type: 'ReportVenue',
    reports: [
      {
        ...{ ...about, execType: 'trade_correct', venueExecutionId: 'correction' },
        ...{ corrects: `paper-${order}-1`, quantity: quantity.of('10'), price: at('100.1') },
      },
    ],
  });
  expect(events.map(({ type }) => type)).toEqual(['ExecutionCorrected']);
});

test('what a bar fills of one exit names that bar where it changes the other', () => {
  const day = tradingDay({ venue: { bars: '1Min' } });
  const order = day.place({ shares: 10, exits });
  day.bar('100 100 100 100', 1);
  day.bar('100 106 100 100', 2, 40);
  expect(day.exits(order)).toEqual(['stop_loss 6 at 95', 'take_profit 6 at 105']);
  const bars = day.events.flatMap((event) =>
    event.type === 'OrderReplaced' ? [`${event.data.bar}`] : [],
  );
  expect(bars).toEqual([`${noon.add({ minutes: 2 })}`]);
});
