import { type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { CorporateAction } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { dayAfter, tradingDay } from '../execution/session/test-day.ts';
import { noon, nvda } from '../risk/fixtures.ts';
import { storiesOf } from './test-stories.ts';

type Day = ReturnType<typeof tradingDay>;
type Story = Awaited<ReturnType<Awaited<ReturnType<typeof storiesOf>>['explain']>>;

const at = (text: string) => price.of(text);
const exits = { takeProfit: at('105'), stopLoss: at('95') };
const gtc = { timeInForce: 'gtc' } as const;
const textOf = ({ narrative }: Story) => narrative.map(({ text }) => text).join('\n');
const decisionOf = (day: Day, orderId: OrderId): string => {
  const order = day.session().orders.get(orderId);
  if (order === undefined) throw new Error('no order');
  return order.decisionId;
};
const splitOf = (newShares: number): CorporateAction => ({
  ...{ symbol: nvda, exDate: '2026-03-02' as CorporateAction['exDate'], dividend: null },
  split: { newShares, oldShares: 1 },
});

/** The rule by which answers are measured. */
const tokensOf = (story: Story) => JSON.stringify(story).length / 3.5;

const apply = (action: CorporateAction) =>
  ({ type: 'ApplyCorporateActions', actions: [action], at: noon }) as const;

describe('an order that is carried over nights', () => {
  const days = () => {
    const first = tradingDay();
    const order = first.place({ shares: 10, exits, ...gtc });
    first.quote('99.99/100.01', 1);
    first.quote('99.99/100.01', 2);
    const second = dayAfter(first, '100', [apply(splitOf(2))]);
    const stop = first.exitOf(order, 'stop_loss');
    second.quote('49.99/50.01', 1);
    second.replace(stop, { stopPrice: at('48') }, 2);
    second.quote('49.99/50.01', 3);
    const third = dayAfter(second, '50', []);
    const fourth = dayAfter(third, '50', []);
    fourth.bar('50 50.5 47 47.5', 1);
    return { first, order, stop, all: [first, second, third, fourth] };
  };

  test('is told to its end, by every id of the bracket, each event once', async () => {
    const { first, order, stop, all } = days();
    const { explain } = await storiesOf(all.map(({ events }) => events));
    const story = await explain(order);
    const text = textOf(story);
    expect(text).toContain('NVDA was split 2 for 1 before trading began on 2026-03-02');
    expect(text).toMatch(/asked to change its stop loss to 20 by stop at 48: approved/);
    expect(text).toMatch(
      /^Over 3 nights, .*: carried into the session of 2026-03-04: its stop loss/m,
    );
    expect(text).toMatch(/reached the stop of its stop loss at 48/);
    expect(text).toMatch(/Its stop loss traded 20 at 48/);
    expect(text).toMatch(/Its take profit was canceled/);
    expect(story.headline).toMatch(/^buy 10 NVDA: stopped out, net -4\d\S* dollars after/);
    const ids = story.narrative.map((line) => line.event_id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(tokensOf(story)).toBeLessThanOrEqual(1_200);
    for (const id of [stop, first.exitOf(order, 'take_profit'), decisionOf(first, order)]) {
      const same = await explain(id);
      expect([same.order_id, same.headline]).toEqual([order, story.headline]);
    }
  });

  test('keeps to its room however many nights and executions there are', async () => {
    const first = tradingDay();
    const order = first.place({
      shares: 60,
      ...gtc,
      orderType: 'limit',
      limitPrice: at('100'),
      exits,
    });
    for (let second = 1; second < 20; second++) first.quote('99.99/100', second, { shares: 2 });
    const days = [first];
    for (const size of [2, 3, 4]) {
      const next = dayAfter(days.at(-1) ?? first, '100', []);
      for (let second = 1; second < 6; second++) next.quote('99.99/100', second, { shares: size });
      days.push(next);
    }
    const { explain } = await storiesOf(days.map(({ events }) => events));
    const [note, full] = [await explain(order), await explain(order, 'full')];
    expect(full.narrative.length).toBeGreaterThan(90);
    expect(tokensOf(note)).toBeLessThanOrEqual(1_200);
    expect(textOf(note)).toMatch(
      /In \d+ executions until \S+ the order traded \d+ at 100 on average/,
    );
    expect(textOf(note)).toMatch(/^Over 3 nights/m);
    expect(note.narrative.at(-1)?.event_id).toBe(full.narrative.at(-1)?.event_id);
  });

  test('is told in full with every night and step', async () => {
    const { order, all } = days();
    const { explain } = await storiesOf(all.map(({ events }) => events));
    const [note, full] = [await explain(order), await explain(order, 'full')];
    expect(textOf(full).match(/^Carried into/gm)).toHaveLength(3);
    expect(full.narrative.length).toBeGreaterThan(note.narrative.length);
    expect(full.headline).toBe(note.headline);
  });

  test('is not followed into books that are not the next, nor past its end', async () => {
    const { order, all } = days();
    const [first, second, ...rest] = all.map(({ events }) => events);
    const { explain } = await storiesOf([first ?? [], [], second ?? [], ...rest]);
    expect(textOf(await explain(order, 'full'))).not.toMatch(/carried/i);
    const day = tradingDay();
    const done = day.place({ shares: 10 });
    day.quote('99.99/100.01', 1);
    const next = dayAfter(day, '100', [apply(splitOf(2))]);
    const later = await storiesOf([day.events, next.events]);
    const story = await later.explain(done, 'full');
    expect(textOf(story)).not.toMatch(/split/);
    expect(story.headline).toMatch(/10 shares bought, 20 held/);
  });
});

describe('the decision of a replacement', () => {
  const replacing = () => {
    const day = tradingDay();
    const order = day.place({
      shares: 10,
      orderType: 'limit',
      limitPrice: at('99'),
      exits,
      ...gtc,
    });
    day.quote('99.99/100.01', 1);
    return { day, order };
  };

  test('tells the story of its order, from its beginning', async () => {
    const { day, order } = replacing();
    day.replace(order, { limitPrice: at('99.50') }, 2);
    day.quote('99.99/100.01', 3);
    day.quote('99.48/99.50', 4);
    day.quote('105.10/105.12', 5);
    day.quote('105.10/105.12', 6);
    const { explain, log } = await storiesOf([day.events]);
    const [first, second] = log
      .filter(({ type }) => type === 'RiskAssessed')
      .map(({ data }) => (data as { readonly decisionId: string }).decisionId);
    const [own, whole] = [await explain(second ?? ''), await explain(first ?? '')];
    expect(own).toMatchObject({ decision_id: second, order_id: order });
    expect(own.re_executed.result).toBe('equal');
    expect(own.headline).toMatch(
      `change of order ${order} to buy 10 NVDA: closed by its take profit, net 5`,
    );
    expect(own.narrative[0]?.text).toContain(`asked to change order ${order} to buy 10 NVDA`);
    expect(textOf(own)).toMatch(/^The order went to the paper venue/m);
    expect(textOf(whole)).toMatch(/asked to change the order to 10 by limit at 99.5 or better/);
    const ids = own.narrative.map((line) => line.event_id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says of one that was denied that the order kept its terms', async () => {
    const { day, order } = replacing();
    day.replace(order, { quantity: quantity.fromShares(20_000) }, 2);
    const { explain, log } = await storiesOf([day.events]);
    const denied = log.findLast(({ type }) => type === 'RiskAssessed');
    const story = await explain(denied?.id ?? '');
    expect(story.order_id).toBe(order);
    expect(story.headline).toMatch(
      /denied by MAX_ORDER_V\w+, so that it kept its terms; the order: /,
    );
    expect(textOf(await explain(order))).toMatch(
      /: denied by MAX_ORDER_V\w+, and its terms stayed/,
    );
  });
});
