import type { OrderId } from '@sentinel/contracts/kernel';
import { type ApprovalEvent, evolveRequests } from '../../../approval/index.ts';
import type { Session } from '../state.ts';
import { type DataOf, later } from './order.ts';
import { unsentRecord, useKey } from './submission.ts';

/** An order that waits: nothing is set aside for it, and it counts for nothing. */
export const propose = (session: Session, data: DataOf<'OrderProposed'>): Session => ({
  ...session,
  ...useKey(session, data),
  lastAt: later(session.lastAt, data.at),
  proposals: new Map(session.proposals).set(data.orderId, data),
  orders: session.orders.with(
    data.orderId,
    unsentRecord(data, { status: 'initialized', reason: null }),
  ),
});

export const asked = (session: Session, event: ApprovalEvent): Session => ({
  ...session,
  requests: evolveRequests(session.requests, event),
});

/** What was decided waits no more. */
export const settled = (session: Session, orderId: OrderId): Session => {
  const proposals = new Map(session.proposals);
  proposals.delete(orderId);
  return { ...session, proposals };
};
