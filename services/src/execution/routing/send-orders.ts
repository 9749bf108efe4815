import type { Venue, WorkingOrder } from '@sentinel/contracts/execution';
import { type Session, workingInTurn } from '../session/index.ts';

const send = async (venue: Venue<Session>, session: Session, order: WorkingOrder) => {
  switch (order.status) {
    case 'submitted':
      return venue.submit(session, order);
    case 'pending_cancel':
      return venue.cancel(session, order);
    case 'pending_replace':
      return venue.replace(session, order);
    default:
      return undefined;
  }
};

/**
 * Tells the venue what the log says is on its way to it: new orders, cancels, new terms, in the order in
 * which the orders came. What `sent` holds was told already as it stands; telling it twice does no
 * harm, so that a process which has forgotten begins with none. @throws VenueUnavailable
 */
export const sendOrders = async (
  venue: Venue<Session>,
  session: Session,
  sent: WeakSet<WorkingOrder>,
): Promise<void> => {
  for (const order of workingInTurn(session)) {
    if (sent.has(order)) continue;
    await send(venue, session, order);
    sent.add(order);
  }
};
