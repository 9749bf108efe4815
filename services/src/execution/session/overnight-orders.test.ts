import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type OrderId, price, quantity, type TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction, Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { noon, nvda } from '../../risk/fixtures.ts';
import { orderOf } from '../venue/test-look.ts';
import { evolve } from './evolve/evolve.ts';
import { carry } from './evolve/opening.ts';
import type { Session } from './index.ts';
import { applyActions, chargeBorrowing } from './overnight.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const about = { symbol: nvda, exDate: '2026-03-02' as TradingDate } as const;
const split = (newShares: number, oldShares: number): CorporateAction => ({
  ...about,
  split: { newShares, oldShares },
  dividend: null,
});
const dividend = (amount: string): CorporateAction => ({
  ...about,
  split: null,
  dividend: at(amount),
});

/** A session that is opening, of an account that holds nothing but these orders, numbered from 1. */
const opening = (...orders: readonly Parameters<typeof orderOf>[]): Session => {
  const terms = { orderType: 'limit', limitPrice: at('99'), timeInForce: 'gtc' } as const;
  const carried = orders.map(
    ([intent, rest], n): WorkingOrder =>
      orderOf(
        { ...terms, ...intent },
        { orderId: `order ${n + 1}` as OrderId, sequence: n + 1, ...rest },
      ),
  );
  return { ...carry(tradingDay().session(), carried), phase: 'opening' };
};
const applying = (session: Session, ...actions: readonly CorporateAction[]) =>
  applyActions({ type: 'ApplyCorporateActions', actions, at: noon }, session);
const night = (session: Session, ...actions: readonly CorporateAction[]) => {
  const events = applying(session, ...actions);
  const after = events.reduce<Session>((now, event) => evolve(now, event) as Session, session);
  const moved = events.flatMap((event) => (event.type === 'OrderReplaced' ? [event.data] : []));
  return { events, after, moved, last: events.at(-1) };
};

const other = { symbol: 'MSFT' as Ticker };

describe('an action in one symbol, of an account that holds nothing', () => {
  test('moves the orders in it, and leaves those in others as they are', () => {
    const { moved, after } = night(opening([other], [{}]), split(2, 1));
    expect(moved.map(({ orderId }) => orderId)).toEqual(['order 2']);
    const limits = [...after.working.values()].map(({ intent }) => intent.limitPrice);
    expect(limits).toEqual([at('99'), at('49.5')]);
  });

  test('is nothing to it while its orders are all in others', () => {
    expect(applying(opening([other]), dividend('1'))).toEqual([]);
  });
});

describe('a split that leaves nothing of an order ends it, and says so:', () => {
  test('no share of it', () => {
    const { last, after } = night(opening([{ quantity: quantity.of('0.000000001') }]), split(1, 3));
    expect(last).toMatchObject({ data: { reason: 'The split leaves nothing of it.' } });
    expect(after.working.size).toBe(0);
  });

  test('no price for it', () => {
    const { last } = night(opening([{ limitPrice: at('0.0001') }]), split(10, 1));
    expect(last).toMatchObject({
      data: { reason: expect.stringMatching(/^The split leaves no terms that fit: /) },
    });
  });
});

describe('a stop that was reached before the night', () => {
  const reached = (intent: Parameters<typeof orderOf>[0]) =>
    opening([
      { side: 'sell', limitPrice: null, ...intent },
      { triggeredAt: noon, status: 'triggered', stopAt: at('98') },
    ]);

  test('and does not trail stands where its terms say, in the new shares', () => {
    const { moved } = night(reached({ orderType: 'stop', triggerPrice: at('98') }), split(2, 1));
    expect(moved).toMatchObject([{ stopAt: null, intent: { triggerPrice: at('49') } }]);
  });

  test('and has a limit keeps both prices when a dividend is paid, as a limit to sell does', () => {
    const terms = {
      orderType: 'stop_limit',
      triggerPrice: at('98'),
      limitPrice: at('97'),
    } as const;
    const { moved } = night(reached(terms), dividend('1'));
    expect(moved.map(({ intent }) => [intent.triggerPrice, intent.limitPrice])).toEqual([
      [at('98'), at('97')],
    ]);
  });

  test('and trailed stays where it was when a dividend is paid, as nothing waits for it', () => {
    const trail = { amount: at('2'), bps: null };
    const { moved, after } = night(reached({ orderType: 'trailing_stop', trail }), dividend('1'));
    expect(moved).toMatchObject([{ stopAt: null }]);
    expect([...after.working.values()].map(({ stopAt }) => stopAt)).toEqual([at('98')]);
  });
});

test('no append of a night holds more than a log takes, however many orders there are', () => {
  const many = opening(...Array.from({ length: 600 }, (): [object] => [{}]));
  const first = night(many, split(2, 1));
  expect(first.events.length).toBeLessThanOrEqual(500);
  const second = night(first.after, split(2, 1));
  expect([...first.moved, ...second.moved]).toHaveLength(600);
  expect(second.after.adjusting).toBeNull();
});

test('an order that is to be adjusted and is gone is a fault of ours: nothing is decided', () => {
  const session = opening([other]);
  const left = ['nobody' as OrderId] as const;
  const adjusting = { action: split(2, 1), left };
  expect(() => applying({ ...session, adjusting })).toThrow('nobody is to be adjusted and gone');
});

test('borrowed shares cost nothing where no night has passed, and something for one', () => {
  const charge = { symbol: nvda, mark: at('100'), annualFeeBps: 360 };
  const session: Session = { ...opening(), borrowed: new Map([[nvda, quantity.fromShares(10)]]) };
  const charged = (nights: number) =>
    chargeBorrowing({ type: 'ChargeBorrowing', nights, at: noon, charges: [charge] }, session);
  expect([charged(0).length, charged(1).length]).toEqual([0, 1]);
});
