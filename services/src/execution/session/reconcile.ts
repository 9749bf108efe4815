import { hasArrived } from '../venue/index.ts';
import type { Reconcile } from './commands.ts';
import { type Session, type SessionEvent, workingInTurn } from './state.ts';

/**
 * Asks the venue for every order of unknown outcome by its id, and takes its word: it works there, or
 * never arrived. Nothing is ever sent again.
 */
export const reconcile = ({ at }: Reconcile, session: Session): readonly SessionEvent[] =>
  workingInTurn(session)
    .filter(({ status }) => status === 'unknown')
    .map((order): SessionEvent => {
      const { orderId, intent, fills } = order;
      const { symbol } = intent;
      return fills > 0 || hasArrived(order, session.venue)
        ? { type: 'OrderAccepted', data: { orderId, symbol, at } }
        : {
            type: 'OrderRejected',
            data: { orderId, symbol, at, reason: 'The order never reached the venue.' },
          };
    });
