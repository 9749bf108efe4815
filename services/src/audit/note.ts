import { type EventId, money, type OrderId, quantity } from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import { type Part, partsOf, type RoundTrip, tradedBy } from './round-trip.ts';
import type { Line, Told } from './story-line.ts';

/** One line for each event, whatever is said of it. */
export const eventByEvent = (lines: readonly Line[]): readonly Line[] => {
  const texts = new Map<EventId, string[]>();
  for (const { text, event_id: id } of lines) texts.set(id, [...(texts.get(id) ?? []), text]);
  return [...texts].map(([id, said]) => ({ text: said.join(' '), event_id: id }));
};

/** What the headline is of. */
export type Outcome = {
  readonly assessed: RiskAssessed;
  readonly told: readonly Told[];
  readonly orders: readonly OrderId[];
  /** The round trips in which its orders traded, the oldest first. */
  readonly trips: readonly RoundTrip[];
};

const costsOf = ({ fees, borrowFees }: RoundTrip): string =>
  `${money.format(fees)} of fees${borrowFees === 0n ? '' : ` and ${money.format(borrowFees)} for borrowing`}`;

const opener = ({ side, decisionId, openingOrderId }: RoundTrip): string =>
  decisionId === null
    ? `the ${side} position that order ${openingOrderId} of others opened`
    : `the ${side} position that decision ${decisionId} opened`;

/** The result of a round trip that has ended. */
const resultOf = (trip: RoundTrip, part: Part): string => {
  const ours = trip.entry.value <= part.in.value;
  const shared =
    part.in.shares === 0n || ours
      ? ''
      : ` on the whole position of ${quantity.format(trip.entry.shares)} shares, others' among them`;
  const paid = trip.dividends === 0n ? '' : `, with ${money.format(trip.dividends)} of dividends`;
  return `net ${money.format(trip.net)} dollars after ${costsOf(trip)}${paid}${shared}`;
};

/** Whether a stop took out what had been brought in. */
const byStop = ({ closingOrderId, exit }: RoundTrip, told: readonly Told[]): boolean =>
  exit === 'stop_loss' ||
  told.some(
    ({ event }) => event.type === 'OrderTriggered' && event.data.orderId === closingOrderId,
  );

const endOf = (trip: RoundTrip, part: Part, { told, orders }: Outcome): string => {
  const { closingOrderId: closing, exit } = trip;
  if (closing === null) return 'closed by a corporate action, which left no share';
  const own = orders.includes(closing);
  const stopped = byStop(trip, told);
  if (part.in.shares === 0n) {
    if (own) return `${stopped ? 'stopped out of' : 'closed'} ${opener(trip)}`;
    return `took ${quantity.format(part.out.shares)} shares out of ${opener(trip)}, and order ${closing} closed it`;
  }
  if (own && stopped) return 'stopped out';
  if (own) return exit === 'take_profit' ? 'closed by its take profit' : 'closed by its exits';
  const before =
    part.out.shares === 0n
      ? ''
      : `, after its own exits had taken out ${quantity.format(part.out.shares)}`;
  return `${stopped ? 'stopped out' : 'closed'} by order ${closing} of another decision${before}`;
};

/** A position that is still held, as far as it has come. */
const standing = (trip: RoundTrip, part: Part): string => {
  const held = quantity.format(quantity.absolute(trip.quantity));
  const so = `${money.format(trip.realizedPnl)} dollars realised so far, before ${costsOf(trip)}`;
  if (part.in.shares === 0n)
    return `took ${quantity.format(part.out.shares)} shares out of ${opener(trip)}, which still holds ${held}; ${so}`;
  const got = `${quantity.format(part.in.shares)} shares ${trip.side === 'long' ? 'bought' : 'sold short'}`;
  const wider =
    trip.entry.value <= part.in.value ? '' : ' in a position that other decisions share';
  if (trip.exited.shares === 0n)
    return `${got}, ${held} held${wider}, with ${costsOf(trip)}; nothing has closed it`;
  const others = quantity.subtract(trip.exited.shares, part.out.shares);
  const by =
    part.out.shares === 0n
      ? 'orders of other decisions'
      : others > 0n
        ? 'its exits and orders of other decisions'
        : 'its exits';
  return `${got}, ${held} still held${wider}, ${quantity.format(trip.exited.shares)} closed by ${by}; ${so}`;
};

/** What came of an order, by the round trips in which it traded. */
const cameOf = (outcome: Outcome): string => {
  const traded = tradedBy(outcome.told);
  if (traded.length === 0) return `${outcome.assessed.outcome}, nothing traded`;
  const said = partsOf(outcome.trips, traded).map(({ trip, part }) =>
    trip.closedAt === null
      ? standing(trip, part)
      : `${endOf(trip, part, outcome)}, ${resultOf(trip, part)}`,
  );
  const shares = traded.reduce((sum, each) => quantity.add(sum, each.shares), quantity.zero);
  return said.length === 0
    ? `${quantity.format(shares)} shares traded, in a position that the list of trades does not hold`
    : said.join('; and ');
};

/** What came of it, in one sentence: the outcome, and the profit or loss of the position once it has closed. */
export const headlineOf = (outcome: Outcome): string => {
  const { intent, outcome: verdict, denialCode, purpose, replaces } = outcome.assessed;
  const terms = `${intent.side} ${quantity.format(intent.quantity)} ${intent.symbol}`;
  const wish = replaces === undefined ? terms : `change of order ${replaces} to ${terms}`;
  if (replaces !== undefined && verdict !== 'APPROVED')
    return `${wish}: ${verdict === 'DENIED' ? `denied by ${denialCode}` : verdict}, so that it kept its terms; the order: ${cameOf(outcome)}.`;
  if (verdict === 'DENIED') return `${wish}: denied by ${denialCode}.`;
  if (purpose === 'preview') return `${wish}: a preview, ${verdict}.`;
  return `${wish}: ${cameOf(outcome)}.`;
};
