import type { Venue } from '@sentinel/contracts/execution';
import type { OrderId } from '@sentinel/contracts/kernel';
import type { Session, SessionEvent } from './session/index.ts';

/** After which of an order's events the venue may have something to be told. */
const tells: ReadonlySet<SessionEvent['type']> = new Set<SessionEvent['type']>([
  'OrderSubmitted',
  'OrderPendingCancel',
  'OrderPendingReplace',
  // An order that was unknown turns out to work: what was wished for meanwhile is asked now.
  'OrderAccepted',
  'OrderPartiallyFilled',
]);

/** The order of which an event may have something to tell the venue; undefined for most events. */
export const orderToSend = (event: SessionEvent): OrderId | undefined =>
  tells.has(event.type) && 'orderId' in event.data ? event.data.orderId : undefined;

/**
 * Tells the venue what the log says is on its way to it: a new order, a cancel, new terms. Telling it
 * twice does no harm, so whoever follows the log does it for each order that an event names, and again
 * from its checkpoint after a restart. Answers what it has sent. @throws VenueUnavailable
 */
export const sendOrder = async (
  venue: Venue<Session>,
  session: Session,
  orderId: OrderId,
): Promise<'submit' | 'cancel' | 'replace' | undefined> => {
  const order = session.working.get(orderId);
  switch (order?.status) {
    case 'submitted':
      await venue.submit(session, order);
      return 'submit';
    case 'pending_cancel':
      await venue.cancel(session, order);
      return 'cancel';
    case 'pending_replace':
      await venue.replace(session, order);
      return 'replace';
    default:
      return undefined;
  }
};
