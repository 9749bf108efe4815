import { money, type Sha256 } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { AccountBinding, BoundBars, MarketBinding } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../execution/test-kit/test-desk.ts';
import { noon } from '../fixtures.ts';
import { bindLog } from './bind-log.ts';
import { bindMarket } from './binding.ts';
import { controlRoom } from './control.ts';
import { controlDecider } from './decider.ts';
import type { ControlState } from './state.ts';

const mock: MarketBinding = { provider: 'mock', calendar: 'always-open-1', seed: 42, bars: null };
const of = (symbol: string, count: number, digest: string): BoundBars => ({
  symbol: symbol as Ticker,
  count,
  until: noon,
  digest: digest.repeat(64) as Sha256,
});
const replay = (...bars: readonly BoundBars[]): MarketBinding => ({
  ...{ provider: 'historical', calendar: 'nyse', seed: null },
  bars: [...bars],
});
const boundTo = (market: MarketBinding): ControlState => ({
  ...controlDecider.initialState,
  market,
});
const starting = (state: ControlState, market: MarketBinding, asBound: readonly BoundBars[] = []) =>
  bindMarket({ type: 'BindMarket', market, asBound, at: noon }, state);

describe('a log', () => {
  test('is bound when it begins, and a start on the same market adds nothing', () => {
    expect(starting(controlDecider.initialState, mock)).toEqual({
      ok: true,
      value: [{ type: 'MarketBound', data: { ...mock, at: noon } }],
    });
    expect(starting(boundTo(mock), mock)).toEqual({ ok: true, value: [] });
  });

  test.each([
    [
      { ...mock, seed: 7 },
      'OTHER_SEED',
      'bound to the seed 42, and this start asks for 7',
      'MARKET_SEED=42',
    ],
    [
      { ...mock, calendar: 'every-day' },
      'OTHER_CALENDAR',
      'bound to the calendar always-open-1, and this start asks for every-day',
      'HISTORICAL_CALENDAR=always-open-1',
    ],
    [
      replay(of('AAPL', 3, 'a')),
      'OTHER_PROVIDER',
      'bound to the market data provider mock, and this start asks for historical',
      'MARKET_DATA_PROVIDER=mock',
    ],
  ])('refuses a start on another market by both values and the way out', (other, ...said) => {
    const [code, message, setting] = said;
    const decided = starting(boundTo(mock), other as MarketBinding);
    expect(decided).toMatchObject({ ok: false, refusal: { code } });
    if (decided.ok) throw new Error('accepted');
    expect(decided.refusal.message).toContain(message);
    expect(decided.refusal.remedy).toContain(`set ${setting} again`);
    expect(decided.refusal.remedy).toContain('another SENTINEL_DATA_DIR');
  });

  test('takes symbols that are new and bars that go on at the end, and is bound to them too', () => {
    const was = [of('AAPL', 3, 'a'), of('MSFT', 3, 'b')];
    const now = replay(of('AAPL', 4, 'c'), of('MSFT', 3, 'b'), of('NVDA', 1, 'd'));
    expect(starting(boundTo(replay(...was)), now, was)).toEqual({
      ok: true,
      value: [{ type: 'MarketBound', data: { ...now, at: noon } }],
    });
    expect(starting(boundTo(now), now, now.bars ?? [])).toEqual({ ok: true, value: [] });
  });

  test.each([
    ['changed', [of('AAPL', 3, 'x')], '(xxxxxxxxxxxx…) in their place'],
    ['fewer', [of('AAPL', 2, 'a')], '2 bars until'],
    ['gone', [], 'none of it'],
  ])('refuses bars that are %s', (_, asBound, held) => {
    const was = replay(of('AAPL', 3, 'a'));
    const decided = starting(boundTo(was), replay(...asBound), asBound);
    expect(decided).toMatchObject({ ok: false, refusal: { code: 'OTHER_BARS' } });
    if (decided.ok) throw new Error('accepted');
    expect(decided.refusal.message).toContain('AAPL of 3 bars until');
    expect(decided.refusal.message).toContain('(aaaaaaaaaaaa…)');
    expect(decided.refusal.message).toContain(held);
  });
});

const paper: AccountBinding = {
  account: 'paper',
  accountType: 'margin',
  startingCash: money.of('100000'),
};
const other: AccountBinding = {
  account: 'other',
  accountType: 'cash',
  startingCash: money.of('5000'),
};

describe('an account', () => {
  const room = () => {
    const eventStore = memoryEventStore({ now: () => noon });
    const control = controlRoom({ eventStore, newId: monotonicIds() });
    const start = (...accounts: readonly AccountBinding[]) =>
      bindLog({
        ...{ control, accounts, at: noon, metadata: testContext.metadata },
        market: { ...mock, bars: null },
      });
    return { control, start };
  };

  test('is bound to what it begins with, beside others with their own', async () => {
    const { control, start } = room();
    expect(await start(paper, other)).toEqual({
      ok: true,
      value: { market: true, accounts: ['paper', 'other'] },
    });
    expect(await start(other, paper)).toEqual({ ok: true, value: { market: false, accounts: [] } });
    const { accounts } = await control.load();
    expect(accounts.get('paper')?.bound).toEqual(paper);
    expect(accounts.get('other')?.bound).toEqual(other);
    expect(await start(paper, { ...other, startingCash: money.of('6000') })).toMatchObject({
      ok: false,
      refusal: {
        code: 'OTHER_STARTING_CASH',
        message:
          'This log is bound to the starting cash of the account other, 5000, and this start asks for 6000',
      },
    });
    expect(await start({ ...paper, accountType: 'cash' })).toMatchObject({
      ok: false,
      refusal: {
        code: 'OTHER_ACCOUNT_TYPE',
        message:
          'This log is bound to the type of the account paper, margin, and this start asks for cash',
      },
    });
  });
});
