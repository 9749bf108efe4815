import { price, type TradingDate } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { buy, noon, nvda, ordinaryFacts, quoteOf } from '../../risk/fixtures.ts';
import { entryRefusal } from './entry.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const venue = { seed: 1, latencyMs: 50, slippageBps: 0, feeSchedule: 'us-equity-1' } as const;
const session = ordinaryFacts().session;
const always = { ...session, opensAt: null, closesAt: null };
const facts = (rest: Partial<Parameters<typeof entryRefusal>[1]> = {}) => ({
  ...{ at: noon, session, quote: quoteOf(nvda, '100/100.02') },
  ...rest,
});
const said = (
  intent: Partial<OrderIntent>,
  rest: Parameters<typeof facts>[0] = {},
  bars?: '1Day' | '5Min',
): string | undefined =>
  entryRefusal(buy(10, intent), facts(rest), bars === undefined ? venue : { ...venue, bars })
    ?.refusal.message;

describe('at entry', () => {
  test('a stop on the wrong side of the market is refused with the price it met', () => {
    const stop = (side: OrderIntent['side'], triggerPrice: string) =>
      said({ side, orderType: 'stop', triggerPrice: at(triggerPrice) });
    expect(stop('sell', '100')).toBe(
      'A stop to sell must be below the last price, which is 100: at 100 it would trade at once.',
    );
    expect(stop('sell', '99.99')).toBeUndefined();
    expect(stop('buy', '99')).toContain('A stop to buy must be above the last price, which is 100');
    expect(stop('buy', '100.01')).toBeUndefined();
    const day = tradingDay();
    const wrong = { shares: 1, orderType: 'stop', triggerPrice: at('99') } as const;
    expect(() => day.place(wrong)).toThrow('INVALID_ARGUMENT');
  });

  test('without a price of the market nothing stands on its wrong side', () => {
    const wrong = { side: 'sell', orderType: 'stop', triggerPrice: at('101') } as const;
    const nothing = { ...quoteOf(nvda, '100/100.02'), last: at('0') };
    expect(said(wrong)).toContain('which is 100');
    expect(said(wrong, { quote: null })).toBeUndefined();
    expect(said(wrong, { quote: nothing })).toBeUndefined();
    const day = tradingDay();
    day.place({ shares: 10 });
    day.quote('100/100.02', 1);
    const stop = day.place({ ...wrong, shares: 10, triggerPrice: at('99') }, 2);
    day.quote('100/100.02', 3);
    const moved = (facts: { readonly quote?: typeof nothing | null }) =>
      day.refusalOf(stop, { stopPrice: at('101') }, { second: 4, ...facts });
    expect(moved({})).toContain('which is 100');
    expect(moved({ quote: null })).toBeUndefined();
    expect(moved({ quote: nothing })).toBeUndefined();
  });

  test('exits on the wrong side of where the order trades are refused with that price', () => {
    const exits = (stopLoss: string | null, takeProfit: string | null) => ({
      exits: {
        stopLoss: stopLoss === null ? null : at(stopLoss),
        takeProfit: takeProfit === null ? null : at(takeProfit),
      },
    });
    expect(said(exits('100', null))).toContain('which is 100 now: at 100 it would trade at once');
    expect(said(exits('99.99', '100.03'))).toBeUndefined();
    expect(said(exits(null, '100.02'))).toContain('which is 100.02 now: at 100.02 it would gain');
    const limit = { orderType: 'limit', limitPrice: at('110') } as const;
    expect(said({ ...limit, ...exits('105', null) })).toContain('which is 100 now');
    expect(said({ ...limit, limitPrice: at('95'), ...exits('94', '96') })).toBeUndefined();
    const short = { side: 'sell_short', ...exits('100', null) } as const;
    expect(said(short)).toContain('A stop_loss that buys must be above');
    expect(said({ ...short, ...exits('100.01', '99.99') })).toBeUndefined();
    expect(said({ ...short, ...exits(null, '100') })).toContain('A take_profit that buys must be');
    expect(said({ ...limit, limitPrice: at('95'), ...exits('96', null) })).toContain('is 95 now');
    const pair = { side: 'sell', orderType: 'limit', limitPrice: at('105') } as const;
    expect(said({ ...pair, ...exits('100', null) })).toContain('A stop_loss that sells must be');
    expect(said({ ...pair, ...exits('99', null) })).toBeUndefined();
    // The pair's stop sells once the last trade has come down to it, wherever the bid stands.
    const above = { ...quoteOf(nvda, '100/100.02'), last: at('100.5') };
    expect(said({ ...pair, ...exits('100.2', null) }, { quote: above })).toBeUndefined();
  });

  test('exits are held to where the order itself will trade: at its stop, or no worse than its limit', () => {
    const takeProfit = (price: string) => ({ exits: { stopLoss: null, takeProfit: at(price) } });
    const stop = { orderType: 'stop', triggerPrice: at('105') } as const;
    expect(said({ ...stop, ...takeProfit('104') })).toContain('which is 105 now: at 104 it would');
    expect(said({ ...stop, ...takeProfit('106') })).toBeUndefined();
    const short = { side: 'sell_short', orderType: 'limit', limitPrice: at('105') } as const;
    expect(said({ ...short, ...takeProfit('102') })).toBeUndefined();
    expect(said({ ...short, ...takeProfit('105') })).toContain('which is 105 now');
  });

  test('exits of what trades later meet a price that nobody knows yet', () => {
    const exits = { exits: { stopLoss: at('101'), takeProfit: null } };
    const later: readonly Partial<OrderIntent>[] = [
      { orderType: 'market_on_open', timeInForce: 'opg' },
      { orderType: 'market_on_close', timeInForce: 'cls' },
      { orderType: 'trailing_stop', trail: { amount: at('2'), bps: null } },
    ];
    for (const intent of later) expect(said({ ...intent, ...exits })).toBeUndefined();
    expect(said(exits)).toContain('A stop_loss that sells must be below');
  });

  test('an auction that the market does not have, or that is over, is refused', () => {
    const opg = { orderType: 'market_on_open', timeInForce: 'opg' } as const;
    const cls = { orderType: 'market_on_close', timeInForce: 'cls' } as const;
    expect(said(opg, { session: always })).toContain('has no opening');
    expect(said(cls, { session: always })).toContain('has no close');
    expect(said(opg)).toBeUndefined();
    expect(said(cls)).toBeUndefined();
    const late = Temporal.Instant.from('2026-03-02T20:59:00Z');
    expect(said(cls, { at: late })).toContain('The close takes orders until 2026-03-02T20:59:00Z');
  });

  test('an order of the day for which no bar begins any more is refused', () => {
    for (const timeInForce of ['day', 'ioc', 'fok'] as const)
      expect(said({ timeInForce }, {}, '1Day')).toContain('Orders are filled on 1Day bars');
    for (const timeInForce of ['gtc', 'opg', 'cls'] as const)
      expect(said({ timeInForce }, {}, '1Day')).toBeUndefined();
    const [last, next] = ['2026-03-02T20:55:00Z', '2026-03-02T20:55:00.001Z'].map((text) =>
      Temporal.Instant.from(text),
    );
    expect(last && said({}, { at: last }, '5Min')).toBeUndefined();
    expect(next && said({}, { at: next }, '5Min')).toContain('none begins in the session');
    const date = '2026-03-02' as TradingDate;
    expect(said({}, { session: { ...always, date } }, '1Day')).toContain('1Day bars');
    expect(said({}, { session: { ...always, date } }, '5Min')).toBeUndefined();
  });
});
