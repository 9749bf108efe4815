import type { VenueReport } from '@sentinel/contracts/execution';
import {
  type Digest,
  type Money,
  money,
  notional,
  type OrderId,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { Session, SessionEvent } from './state.ts';

/**
 * Our id of an order that others placed, reckoned from the venue's, so that hearing of it twice is
 * hearing of one order: a UUIDv7 with the order's time and bits of a digest in the place of chance.
 */
const adoptedId = (venueOrderId: string, since: Temporal.Instant, digest: Digest): OrderId => {
  const time = since.epochMilliseconds.toString(16).padStart(12, '0');
  const bits = digest(`adopted ${venueOrderId}`);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits.slice(0, 3)}-8${bits.slice(3, 6)}-${bits.slice(6, 18)}` as OrderId;
};

/**
 * The event by which an order of others enters the books. It needs no approval of ours, since it stands
 * at the venue already, and sets aside what it may come to cost.
 */
export const adoption = (
  report: VenueReport,
  session: Session,
  digest: Digest,
): SessionEvent | undefined => {
  const { venueOrderId, at } = report;
  if (report.execType !== 'new' || report.external === undefined || venueOrderId === null)
    return undefined;
  const { intent, submittedAt, cumulativeQuantity, price } = report.external;
  const leavesQuantity = quantity.subtract(intent.quantity, cumulativeQuantity);
  if (leavesQuantity <= 0n) return undefined;
  return {
    type: 'OrderAdopted',
    data: {
      orderId: adoptedId(venueOrderId, submittedAt, digest),
      symbol: intent.symbol,
      at,
      venueOrderId,
      sequence: session.orderSequence + 1,
      intent: { ...intent, quantity: leavesQuantity },
      tradedBefore: cumulativeQuantity,
      reservedCash: setAside(intent, session, notional(price, leavesQuantity, 'up')),
      submittedAt,
    },
  };
};

/** Nothing for a sale of what is held: it can only shrink the position. */
const setAside = (
  { side, symbol, quantity: shares }: OrderIntent,
  session: Session,
  value: Money,
) => {
  const held: Quantity = session.positions.get(symbol)?.quantity ?? quantity.zero;
  return side === 'sell' && shares <= held ? money.zero : value;
};
