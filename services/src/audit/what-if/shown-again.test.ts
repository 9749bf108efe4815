import { sessionEvents } from '@sentinel/contracts/execution';
import {
  type EventId,
  encodeEvent,
  type LogPosition,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { MarketDataUnavailable, quoteSchema } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { tradingDay } from '../../execution/session/test-day.ts';
import { stillMarket } from '../../execution/test-kit/still-market.ts';
import { noon } from '../../risk/fixtures.ts';
import { shownAgain } from './shown-again.ts';

/** A day in which an order is denied a minute after noon; its session ends four hours after noon. */
const session = () => {
  const day = tradingDay();
  day.place({ shares: 10 });
  day.quote('100/100.02', 1);
  expect(() => day.place({ shares: 1_000_000 }, 60)).toThrow();
  return {
    stream: 'session-paper-2026-03-02' as StreamName,
    events: day.events.map((event, n) => ({
      ...encodeEvent(sessionEvents, event),
      id: `01890000-0000-7000-9000-${n.toString(16).padStart(12, '0')}` as EventId,
      logPosition: BigInt(n + 1) as LogPosition,
    })),
  };
};

const timesOf = async (market: ReturnType<typeof stillMarket>['market']) =>
  (await shownAgain(session(), market)).map((sight) =>
    'quote' in sight ? quoteSchema.parse(sight.quote).at.toString().slice(11, 16) : 'bar',
  );

describe('what the market shows again', () => {
  test('is of each minute after the denial, up to now where the session goes on', async () => {
    const still = stillMarket(noon.add({ minutes: 5 }));
    expect(await timesOf(still.market)).toEqual(['17:02', '17:03', '17:04']);
  });

  test('ends with the session, however much later it is asked for', async () => {
    const times = await timesOf(stillMarket(noon.add({ hours: 90 })).market);
    expect([times[0], times.at(-1), times.length]).toEqual(['17:02', '20:59', 238]);
  });

  test('is nothing where the provider cannot answer', async () => {
    const { market } = stillMarket(noon.add({ hours: 9 }));
    const quote = async () => {
      throw new MarketDataUnavailable('not now');
    };
    expect(await timesOf({ ...market, freeze: () => ({ ...market, quote }) })).toEqual([]);
  });
});
