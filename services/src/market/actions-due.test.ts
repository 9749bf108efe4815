import { price, type TradingDate } from '@sentinel/contracts/kernel';
import type { ActionsWanted, CorporateAction, Ticker } from '@sentinel/contracts/market';
import { expect, test } from 'vitest';
import { actionsDue } from './actions-due.ts';

const on = (date: string): CorporateAction => ({
  symbol: 'NVDA' as Ticker,
  exDate: date as TradingDate,
  split: null,
  dividend: price.of('1'),
});
const dates = ['2026-02-28', '2026-03-01', '2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];
const corporateActions = async ({ from, to }: ActionsWanted) =>
  dates.filter((date) => from <= date && date <= to).map(on);
const due = async (after: string | null, upTo: string) =>
  (
    await actionsDue(
      { corporateActions },
      { after: after as TradingDate | null, upTo: upTo as TradingDate },
    )
  ).map(({ exDate }) => exDate);

test('an ex-date without a session counts for the next one', async () => {
  expect(await due('2026-03-06', '2026-03-09')).toEqual(['2026-03-07', '2026-03-08', '2026-03-09']);
});

test('no action of a session before counts again, across months', async () => {
  expect(await due('2026-02-28', '2026-03-01')).toEqual(['2026-03-01']);
});

test("an account's first session has those of its own date", async () => {
  expect(await due(null, '2026-03-09')).toEqual(['2026-03-09']);
});

test('a market that knows of no actions has none', async () => {
  const wanted = { after: null, upTo: '2026-03-09' as TradingDate };
  expect(await actionsDue({}, wanted)).toEqual([]);
});
