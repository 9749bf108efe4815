import {
  type EventId,
  type Money,
  money,
  type OrderId,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import type { Line, Told } from './story-line.ts';

/** One line for each event, whatever is said of it. */
export const eventByEvent = (lines: readonly Line[]): readonly Line[] => {
  const texts = new Map<EventId, string[]>();
  for (const { text, event_id: id } of lines) texts.set(id, [...(texts.get(id) ?? []), text]);
  return [...texts].map(([id, said]) => ({ text: said.join(' '), event_id: id }));
};

type Traded = {
  readonly bought: boolean;
  readonly shares: Quantity;
  readonly notional: Money;
  readonly fees: Money;
};

/** What each order of the story has traded, by its newest fill; fees add up. */
const tradedBy = (story: readonly Told[]): ReadonlyMap<OrderId, Traded> => {
  const orders = new Map<OrderId, Traded>();
  for (const { event } of story) {
    if (!('filledNotional' in event.data)) continue;
    const { orderId, side, cumulativeQuantity, filledNotional, fees } = event.data;
    orders.set(orderId, {
      bought: side === 'buy',
      shares: cumulativeQuantity,
      notional: filledNotional,
      fees: money.add(orders.get(orderId)?.fees ?? money.zero, fees),
    });
  }
  return orders;
};

type Balance = { readonly shares: Quantity; readonly cash: Money; readonly fees: Money };

/** What all of it leaves: shares held or owed, and the cash that came in less what went out and the fees. */
const balanceOf = (traded: readonly Traded[]): Balance =>
  traded.reduce<Balance>(
    (sum, { bought, shares, notional, fees }) => ({
      shares: bought ? quantity.add(sum.shares, shares) : quantity.subtract(sum.shares, shares),
      cash: money.subtract(
        bought ? money.subtract(sum.cash, notional) : money.add(sum.cash, notional),
        fees,
      ),
      fees: money.add(sum.fees, fees),
    }),
    { shares: quantity.zero, cash: money.zero, fees: money.zero },
  );

/** Whether a stop took out what the order had brought in: one that brought it in is none. */
const stoppedOut = (
  { intent }: Pick<RiskAssessed, 'intent'>,
  story: readonly Told[],
  traded: ReadonlyMap<OrderId, Traded>,
): boolean =>
  story.some(
    ({ event }) =>
      event.type === 'OrderTriggered' &&
      traded.get(event.data.orderId)?.bought === (intent.side !== 'buy'),
  );

/** What came of it, in one sentence: the outcome, and the profit or loss once its exits have closed it. */
export const headlineOf = (assessed: RiskAssessed, story: readonly Told[]): string => {
  const { intent, outcome, denialCode, purpose } = assessed;
  const wish = `${intent.side} ${quantity.format(intent.quantity)} ${intent.symbol}`;
  if (outcome === 'DENIED') return `${wish}: denied by ${denialCode}.`;
  if (purpose === 'preview') return `${wish}: a preview, ${outcome}.`;
  const traded = tradedBy(story);
  if (traded.size === 0) return `${wish}: ${outcome}, nothing traded.`;
  const { shares, cash, fees } = balanceOf([...traded.values()]);
  if (shares === 0n) {
    return `${wish}: ${stoppedOut(assessed, story, traded) ? 'stopped out' : 'closed by its exits'}, net ${money.format(cash)} dollars after ${money.format(fees)} of fees.`;
  }
  const left =
    shares < 0n
      ? `${quantity.format(quantity.subtract(quantity.zero, shares))} shares sold`
      : `${quantity.format(shares)} shares bought`;
  return `${wish}: ${left}, with ${money.format(fees)} dollars of fees; no exit of its own has closed it.`;
};
