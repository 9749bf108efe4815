import { EventStoreCorrupt, type OrderId } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { noon } from '../../../risk/fixtures.ts';
import type { SessionEvent } from '../state.ts';
import { tradingDay } from '../test-day.ts';
import { evolve } from './evolve.ts';

type Day = ReturnType<typeof tradingDay>;
const nobody = '01890000-0000-7000-8000-00000000ffff' as OrderId;

/** Ten shares bought, half of them taken back later: an event of each kind that changes books. */
const lived = (): { readonly day: Day; readonly order: OrderId } => {
  const day = tradingDay();
  const order = day.place({ shares: 10 });
  day.quote('100/100', 1, { shares: 5 });
  const about = { orderId: order, venueOrderId: null, at: noon.add({ seconds: 2 }) };
  const [taken] = day.session().orders.get(order)?.executions ?? [];
  const bust = { execType: 'trade_cancel', venueExecutionId: 'b', reason: 'test' } as const;
  const busts = taken?.venueExecutionId ?? '';
  day.take({ type: 'ReportVenue', reports: [{ ...about, ...bust, busts }] });
  day.quote('100/100', 3);
  return { day, order };
};

describe('a log that cannot have been written is said to be corrupt', () => {
  test.each(['OrderAccepted', 'OrderPartiallyFilled', 'ExecutionBusted', 'OrderFilled'] as const)(
    '%s of an order that was never submitted',
    (type) => {
      const { day } = lived();
      const event = day.events.find((each) => each.type === type) as SessionEvent;
      const stray = { ...event, data: { ...event.data, orderId: nobody } } as SessionEvent;
      const reading = () => evolve(day.session(), stray);
      expect(reading).toThrow(EventStoreCorrupt);
      expect(reading).toThrow(`${type} of unknown order ${nobody}`);
    },
  );

  test('an order that is accepted once it is filled', () => {
    const { day, order } = lived();
    const event = day.events.find(({ type }) => type === 'OrderAccepted') as SessionEvent;
    const reading = () => evolve(day.session(), event);
    expect(reading).toThrow(EventStoreCorrupt);
    expect(reading).toThrow(`OrderAccepted of order ${order}, which is filled`);
  });

  test('an event before the opening', () => {
    const { day } = lived();
    const reading = () => evolve({ phase: 'unopened' }, day.events.at(-1) as SessionEvent);
    expect(reading).toThrow(EventStoreCorrupt);
    expect(reading).toThrow('before the session was opened');
  });
});
