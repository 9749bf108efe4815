import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantity } from '@sentinel/contracts/kernel';
import { MarketDataUnavailable, type Ticker } from '@sentinel/contracts/market';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HistoricalOptions, historicalMarketData } from './historical-market-data.ts';

const abc = 'ABC' as Ticker;
const instant = (text: string) => Temporal.Instant.from(text);
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sentinel-bounds-'));
  const rows = [
    'timestamp,open,high,low,close,volume',
    '2020-03-05 09:30,10,11,9,10.5,100',
    '2020-03-05 09:35,10.5,12,10,11,0',
    '2020-03-05 10:00,11,11,11,11,300',
    '2020-03-06 09:30,11,11,11,11,300',
  ];
  await writeFile(join(directory, 'ABC.csv'), rows.join('\n'));
});
afterAll(() => rm(directory, { recursive: true }));

const replay = (options: Partial<HistoricalOptions>) =>
  historicalMarketData({ directory, speed: 1, monotonicMs: () => 0, ...options });
const refusal = async (options: Partial<HistoricalOptions>): Promise<string> => {
  const error: unknown = await replay(options).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MarketDataUnavailable);
  return (error as MarketDataUnavailable).message;
};

describe('a replay', () => {
  test('begins on no day outside of its bars, and says on which it can', async () => {
    const range = 'A replay of these bars can begin from 2020-03-05 to 2020-03-06, not on';
    expect(await refusal({ start: instant('2020-03-04T15:00:00Z') })).toBe(`${range} 2020-03-04.`);
    expect(await refusal({ start: instant('2020-03-09T15:00:00Z') })).toBe(`${range} 2020-03-09.`);
    await replay({ start: instant('2020-03-05T15:00:00Z') });
    await replay({ resumeFrom: instant('2020-03-09T15:00:00Z') });
  });

  test('fills on no bars that are finer than those it has', async () => {
    expect(await refusal({ fillOn: '1Min' })).toBe(
      'Orders are to be filled on bars of 1Min, but ABC.csv holds bars of 5Min, of which none such can be made.',
    );
    await replay({ fillOn: '15Min' });
  });

  test('says when it has ended', async () => {
    const market = await replay({ start: instant('2020-03-06T14:31:00Z') });
    const { endsAt } = market;
    expect(endsAt).toEqual(instant('2020-03-06T14:35:00Z'));
    expect(await market.health()).toMatchObject({ connected: true });
    expect(await market.freeze(endsAt).health()).toMatchObject({
      connected: false,
      detail: expect.stringContaining('the replay has ended: its bars end at 2020-03-06T14:35:00Z'),
    });
  });

  test('tells the volume of the bar around, and none in a gap', async () => {
    const market = await replay({ start: instant('2020-03-05T14:31:00Z') });
    const around = async (time: string) => {
      const bar = await market.freeze(instant(`2020-03-05T${time}Z`)).volumeAround?.(abc);
      return bar && [bar.start.toString().slice(11, 16), quantity.format(bar.volume)];
    };
    expect(await around('14:31:00')).toEqual(['14:30', '100']);
    expect(await around('14:36:00')).toEqual(['14:35', '0']);
    expect(await around('14:44:00')).toEqual(['14:40', '0']);
    expect(await around('15:01:00')).toEqual(['15:00', '300']);
  });

  test('quotes the last close for two bars of a gap, and nothing after them', async () => {
    const market = await replay({ start: instant('2020-03-05T14:31:00Z') });
    const quoted = async (time: string) =>
      (await market.freeze(instant(`2020-03-05T${time}Z`)).quote(abc)) !== undefined;
    expect(await quoted('14:49:59')).toBe(true);
    expect(await quoted('14:50:00')).toBe(false);
    expect(await quoted('15:00:00')).toBe(true);
  });
});
