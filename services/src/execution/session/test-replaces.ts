import { type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { expect } from 'vitest';
import { equityOf } from '../../portfolio/index.ts';
import { noon, nvda } from '../../risk/fixtures.ts';
import { misfitOf } from '../../risk/index.ts';
import type { OrderChanges } from './commands.ts';
import { workingInTurn } from './state.ts';
import { tradingDay } from './test-day.ts';

const at = (text: string) => price.of(text);
const shares = quantity.fromShares;
type Day = ReturnType<typeof tradingDay>;
type Begun = { readonly day: Day; readonly order: OrderId };
type Terms = Partial<OrderIntent> & { readonly shares?: number };

/** A million dollars, of which a trade may risk a thousandth. */
const begin = () => tradingDay({ limits: { maxTradeRiskBps: 10 } });
export const opening = (terms: Terms) => (): Begun => {
  const day = begin();
  return { day, order: day.place({ shares: 100, stopPrice: at('95'), ...terms }, 1) };
};
const closing = (terms: Terms) => (): Begun => {
  const day = begin();
  day.place({ shares: 100, stopPrice: at('95') });
  day.quote('100/100', 0.5);
  return { day, order: day.place({ shares: 100, side: 'sell', ...terms }, 1) };
};
const exits = { takeProfit: at('105'), stopLoss: at('95') };
const leg = (role: 'stop_loss' | 'take_profit') => (): Begun => {
  const day = begin();
  const parent = day.place({ shares: 100, stopPrice: at('95'), exits });
  day.quote('100/100', 0.5);
  return { day, order: day.exitOf(parent, role) };
};
const ofPair = (role: 'stop_loss' | 'take_profit') => (): Begun => {
  const pair = { orderType: 'limit', limitPrice: at('105'), stopPrice: at('95') } as const;
  const { day, order } = closing({ ...pair, exits: { takeProfit: null, stopLoss: at('95') } })();
  return { day, order: role === 'take_profit' ? order : day.exitOf(order, role) };
};

/** An order of each kind, as it is placed. */
export const kinds = {
  limit: opening({ orderType: 'limit', limitPrice: at('98') }),
  'limit with exits': opening({ orderType: 'limit', limitPrice: at('98'), exits }),
  'stop to buy': opening({ orderType: 'stop', triggerPrice: at('102'), stopPrice: at('98') }),
  'short limit with exits': opening({
    ...{ side: 'sell_short', orderType: 'limit', limitPrice: at('102'), stopPrice: at('106') },
    exits: { takeProfit: at('95'), stopLoss: at('106') },
  }),
  'limit to sell': closing({ orderType: 'limit', limitPrice: at('102') }),
  'stop to sell': closing({ orderType: 'stop', triggerPrice: at('98') }),
  'stop-limit to sell': closing({
    ...{ orderType: 'stop_limit', triggerPrice: at('98'), limitPrice: at('97.5') },
  }),
  'trailing stop to sell': closing({
    ...{ orderType: 'trailing_stop', trail: { amount: at('2'), bps: null } },
  }),
  'stop loss of a bracket': leg('stop_loss'),
  'take profit of a bracket': leg('take_profit'),
  'stop loss of a pair': ofPair('stop_loss'),
  'take profit of a pair': ofPair('take_profit'),
} as const;

const partlyFilled = ({ day }: Begun): void => {
  day.quote('100/100.02', 2);
  for (const quote of ['97.9/97.92', '102.1/102.12', '95/95.02', '105/105.02'])
    if (workingInTurn(day.session()).every(({ fills }) => fills === 0))
      day.quote(quote, 3, { shares: 40 });
};

/** What happens to the order before its terms are to change. */
export const states: Readonly<Record<string, (begun: Begun) => void>> = {
  submitted: () => undefined,
  accepted: ({ day }) => day.quote('100/100.02', 2),
  'partly filled': (begun) => partlyFilled(begun),
  'partly filled, and its stop loss is on its way further off': (begun) => {
    const { day, order } = begun;
    partlyFilled(begun);
    const stop = day.exitOf(order, 'stop_loss');
    day.quote('100/100.02', 3.5, { shares: 1 });
    const exit = day.session().working.get(stop);
    if (exit === undefined || exit.triggeredAt !== undefined) return;
    day.replace(stop, { stopPrice: at(exit.intent.side === 'sell' ? '88' : '112') }, 3.6);
  },
  reached: ({ day }) => {
    day.quote('100/100.02', 2);
    day.quote('94/94.02', 3, { shares: 1 });
  },
  'pending replace': ({ day, order }) => {
    day.quote('100/100.02', 2);
    day.replace(order, wantedFirst(day, order), 3);
  },
  'pending cancel': ({ day, order }) => {
    day.quote('100/100.02', 2);
    day.cancel(order, 3);
  },
  unknown: ({ day, order }) => {
    day.quote('100/100.02', 2);
    const lost = { venueOrderId: null, execType: 'unknown', reason: 'lost' } as const;
    day.take({
      type: 'ReportVenue',
      reports: [{ ...lost, orderId: order, at: noon.add({ seconds: 3 }) }],
    });
  },
};
/** A change that the order takes whatever its type: a price where there is one, else a share less. */
const wantedFirst = (day: Day, order: OrderId): OrderChanges => {
  const { intent } = day.session().working.get(order) ?? {};
  if (intent?.limitPrice !== undefined && intent.limitPrice !== null)
    return { limitPrice: intent.limitPrice };
  if (intent?.triggerPrice !== undefined) return { stopPrice: intent.triggerPrice };
  return { quantity: quantity.subtract(intent?.quantity ?? shares(100), shares(1)) };
};

/** The stops at which the order really gets out: of the exits that work for it, else of those to be set out. */
const stopsOf = (day: Day, order: OrderId, { exits: toBe, stopPrice }: OrderIntent) => {
  const working = workingInTurn(day.session()).filter(({ link }) => link?.parentId === order);
  const stops = working
    .filter(({ link }) => link?.role === 'stop_loss')
    .flatMap(({ intent, replacement }) => [intent, replacement?.intent ?? intent])
    .flatMap(({ triggerPrice }) => triggerPrice ?? []);
  if (working.length > 0) return stops;
  return [toBe?.stopLoss ?? stopPrice].flatMap((stop) => stop ?? []);
};

/** Dollars that what the order has left to trade may lose, by where its exit really is. */
const riskOf = (day: Day, order: OrderId): number => {
  const working = day.session().working.get(order);
  if (working === undefined || working.link !== undefined) return 0;
  const intent = working.replacement?.intent ?? working.intent;
  const entry = intent.limitPrice ?? intent.triggerPrice;
  if (intent.side === 'sell' || entry === null || entry === undefined) return 0;
  const left = quantity.toFloat(quantity.subtract(intent.quantity, working.cumulativeQuantity));
  // A stop on the better side of the entry loses nothing.
  const towards = intent.side === 'sell_short' ? -1 : 1;
  const losses = stopsOf(day, order, intent).map(
    (stop) => towards * (price.toFloat(entry) - price.toFloat(stop)),
  );
  return Math.max(0, ...losses) * left;
};
export const linksOf = (day: Day) =>
  workingInTurn(day.session())
    .flatMap(({ link, leavesQuantity }) =>
      link === undefined ? [] : [`${link.role} of ${link.parentId}: ${leavesQuantity}`],
    )
    .sort();
const sellable = (day: Day) => {
  const byParent = new Map<string, bigint>();
  for (const { orderId, intent, link, leavesQuantity } of workingInTurn(day.session())) {
    if (intent.side !== 'sell') continue;
    const key = link?.parentId ?? orderId;
    const other = byParent.get(key) ?? 0n;
    byParent.set(key, leavesQuantity > other ? leavesQuantity : other);
  }
  return [...byParent.values()].reduce((sum, each) => sum + each, 0n);
};

/** Of two exits that wait, the one that gains stands on the better side. */
const inTurn = (day: Day): boolean =>
  [...Map.groupBy(workingInTurn(day.session()), ({ link }) => link?.parentId)].every(
    ([parentId, legs]) => {
      const newest = (each: 'take_profit' | 'stop_loss') => {
        const leg = legs.find(({ link }) => link?.role === each);
        return leg?.triggeredAt === undefined
          ? (leg?.replacement?.intent ?? leg?.intent)
          : undefined;
      };
      const [takes, loses] = [newest('take_profit'), newest('stop_loss')];
      if (parentId === undefined || takes === undefined || loses === undefined) return true;
      const [gain, loss] = [takes.limitPrice ?? 0n, loses.triggerPrice ?? 0n];
      return takes.side === 'buy' ? gain < loss : gain > loss;
    },
  );

/**
 * Everything that must hold of the session however the change turned out. Answers the equity, of which
 * `before` is what it was when terms were judged: a loss since makes nothing wrong of what was right.
 */
export const holds = (day: Day, order: OrderId, before = 0): number => {
  const session = day.session();
  const worth = equityOf(session.cash, session.positions.values(), new Map([[nvda, at('100')]]));
  const equity = Number(worth ?? 0n) / 1e6;
  expect(riskOf(day, order)).toBeLessThanOrEqual(Math.max(equity, before) / 1_000);
  const held = session.positions.get(nvda)?.quantity ?? 0n;
  if (held > 0n) expect(sellable(day) <= held).toBe(true);
  expect(inTurn(day)).toBe(true);
  for (const working of workingInTurn(session)) {
    const isTriggered = working.triggeredAt !== undefined;
    expect(misfitOf(working.intent, { isTriggered })).toBeUndefined();
    if (isTriggered && working.intent.triggerPrice !== undefined)
      expect(working.intent.triggerPrice).toBe(working.stopAt ?? working.intent.triggerPrice);
  }
  return equity;
};

export const replaced = (
  day: Day,
  order: OrderId,
  { second, ...wanted }: OrderChanges & { readonly second: number },
): string => {
  try {
    const [assessed, asked] = day.replace(order, wanted, second);
    if (asked !== undefined) return 'asked';
    return assessed?.type === 'RiskAssessed' ? (assessed.data.denialCode ?? '') : '';
  } catch (refusal) {
    return (refusal as Error).message;
  }
};
