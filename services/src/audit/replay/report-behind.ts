import type { VenueReport } from '@sentinel/contracts/execution';
import type { Session, SessionEvent } from '../../execution/index.ts';

type About = Pick<VenueReport, 'orderId' | 'venueOrderId' | 'at'>;

/**
 * What the venue must have said for this event to come of it; undefined for an event of another kind, and
 * for an order that others placed, of which the venue's price is not recorded.
 */
export const reportBehind = (event: SessionEvent, session: Session): VenueReport | undefined => {
  if (!('orderId' in event.data) || !('at' in event.data)) return undefined;
  const { orderId, at } = event.data;
  const venueOrderId = session.orders.get(orderId)?.venueOrderId ?? null;
  return reportOf(event, { orderId, venueOrderId, at });
};

const reportOf = (event: SessionEvent, about: About): VenueReport | undefined => {
  switch (event.type) {
    case 'OrderAccepted':
      return { ...about, execType: 'new', venueOrderId: event.data.venueOrderId };
    case 'OrderRejected':
      return { ...about, execType: 'rejected', reason: event.data.reason };
    case 'OrderOutcomeUnknown':
      return { ...about, execType: 'unknown', reason: event.data.reason };
    case 'OrderCanceled':
      return { ...about, execType: 'canceled', reason: event.data.reason };
    case 'OrderCancelRejected':
      return { ...about, execType: 'cancel_rejected', reason: event.data.reason };
    case 'OrderExpired':
      return { ...about, execType: 'expired' };
    case 'OrderTriggered':
      return { ...about, execType: 'triggered', stopAt: event.data.stopAt };
    case 'OrderStopMoved':
      return { ...about, execType: 'restated', stopAt: event.data.stopAt };
    case 'OrderReplaced':
      return { ...about, execType: 'replaced' };
    case 'OrderReplaceRejected':
      return { ...about, execType: 'replace_rejected', reason: event.data.reason };
    default:
      return executionReport(event, about);
  }
};

const executionReport = (event: SessionEvent, about: About): VenueReport | undefined => {
  switch (event.type) {
    case 'OrderPartiallyFilled':
    case 'OrderFilled': {
      const { quote, bar, lastTrade, lastQuantity, lastPrice, venueExecutionId } = event.data;
      return {
        ...about,
        execType: 'trade',
        venueExecutionId: venueExecutionId ?? '',
        quantity: lastQuantity,
        price: lastPrice,
        ...(quote !== null && { met: { quote } }),
        ...(bar !== null && { met: { bar } }),
        ...(lastTrade !== null && { met: { lastTrade } }),
      };
    }
    case 'ExecutionBusted': {
      const { venueExecutionId, refers, reason } = event.data;
      return { ...about, execType: 'trade_cancel', venueExecutionId, busts: refers, reason };
    }
    case 'ExecutionCorrected': {
      const { venueExecutionId, refers, lastQuantity, lastPrice } = event.data;
      return {
        ...{ ...about, execType: 'trade_correct', venueExecutionId, corrects: refers },
        quantity: lastQuantity,
        price: lastPrice,
      };
    }
    default:
      return undefined;
  }
};
