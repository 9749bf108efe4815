import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exchangeZone } from '@sentinel/contracts/kernel';
import { historicalMarketData } from '@sentinel/infra/market-data';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  buy,
  held,
  limitsWith,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  quoteOf,
} from './fixtures.ts';

const days = [
  '2026-01-13',
  '2026-01-14',
  '2026-07-13',
  '2026-07-14',
  '2026-11-20',
  '2026-11-23',
  '2026-11-25',
  '2026-11-27',
  '2026-11-30',
];
const directory = await mkdtemp(join(tmpdir(), 'sentinel-bars-'));
await writeFile(
  join(directory, 'NVDA.csv'),
  ['date,open,high,low,close,volume', ...days.map((day) => `${day},120,121,119,120,1000`)].join(
    '\n',
  ),
);
const market = await historicalMarketData({ directory, speed: 1, monotonicMs: () => 0 });
await rm(directory, { recursive: true });

/** What TRADING_HOURS says of an order at a time on New York's clocks. */
const hoursAt = (local: string, exit: boolean) => {
  const at = Temporal.PlainDateTime.from(local).toZonedDateTime(exchangeZone).toInstant();
  const { checks } = assess({
    intent: buy(10, exit ? { side: 'sell' } : {}),
    facts: ordinaryFacts({
      at,
      session: market.session(at),
      quote: quoteOf(nvda, '119.95/120', at),
    }),
    limits: limitsWith({}),
    account: ordinaryAccount(exit ? { positions: [held(nvda, 10, '120')] } : {}),
  });
  return checks.find(({ code }) => code === 'TRADING_HOURS')?.status;
};

describe('D8: trading hours are New York’s, with holidays, half days and both clocks', () => {
  test.each(['2026-01-14', '2026-07-14'])('on %s from 09:30, for entries to 15:55', (day) => {
    const statuses = ['09:00', '09:29:59', '09:30', '09:50', '14:00', '15:54:59', '15:55', '16:00'];
    expect(statuses.map((time) => hoursAt(`${day}T${time}`, false))).toEqual([
      'FAIL',
      'FAIL',
      'PASS',
      'PASS',
      'PASS',
      'PASS',
      'FAIL',
      'FAIL',
    ]);
    expect(hoursAt(`${day}T15:59:59`, true)).toBe('PASS');
    expect(hoursAt(`${day}T16:00`, true)).toBe('FAIL');
  });

  test.each([
    ['a Sunday', '2026-11-22'],
    ['Thanksgiving', '2026-11-26'],
  ])('on %s not at all', (_, day) => {
    for (const time of ['09:50', '14:00', '14:30'])
      expect([time, hoursAt(`${day}T${time}`, false), hoursAt(`${day}T${time}`, true)]).toEqual([
        time,
        'FAIL',
        'FAIL',
      ]);
  });

  test('on a half day for entries to 12:55, for exits to 13:00', () => {
    expect(hoursAt('2026-11-27T12:54:59', false)).toBe('PASS');
    expect(hoursAt('2026-11-27T12:55', false)).toBe('FAIL');
    expect(hoursAt('2026-11-27T12:59:59', true)).toBe('PASS');
    expect(hoursAt('2026-11-27T13:00', true)).toBe('FAIL');
    expect(hoursAt('2026-11-27T14:00', true)).toBe('FAIL');
  });
});
