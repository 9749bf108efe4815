import { money, type OrderId, type WindDownId } from '@sentinel/contracts/kernel';
import type { Session } from '../state.ts';
import { type DataOf, later } from './order.ts';

export const beginWindDown = (session: Session, data: DataOf<'WindDownRequested'>): Session => ({
  ...session,
  windDowns: new Map(session.windDowns).set(data.windDownId, {
    ...data,
    canceled: [],
    outcome: null,
  }),
  lastAt: later(session.lastAt, data.at),
});

const changed = (
  { windDowns }: Session,
  windDownId: WindDownId,
  change: (of: NonNullable<ReturnType<Session['windDowns']['get']>>) => object,
): Pick<Session, 'windDowns'> => {
  const known = windDowns.get(windDownId);
  // One that was asked for in a session before this one leaves nothing here.
  if (known === undefined) return { windDowns };
  return { windDowns: new Map(windDowns).set(windDownId, { ...known, ...change(known) }) };
};

export const withCanceled = (
  session: Session,
  windDownId: WindDownId,
  orderId: OrderId,
): Pick<Session, 'windDowns'> =>
  changed(session, windDownId, ({ canceled }) => ({ canceled: [...canceled, orderId] }));

export const finishWindDown = (session: Session, data: DataOf<'WindDownEnded'>): Session => ({
  ...session,
  ...changed(session, data.windDownId, () => ({ outcome: data.outcome })),
  lastAt: later(session.lastAt, data.at),
});

const noLosses: Session['standingLosses'] = {
  before: { count: 0, lastLossAt: null },
  closings: [],
  open: new Map(),
};

/** Nothing but cash is left, and day and week count from here. */
export const beginAnew = (session: Session, data: DataOf<'PaperAccountReset'>): Session => ({
  ...session,
  cash: data.cash,
  positions: new Map(),
  borrowed: new Map(),
  openingMarks: new Map(),
  dayStartEquity: data.cash,
  weekStartEquity: data.cash,
  lossStreak: { count: 0, lastLossAt: null },
  closedLosses: { count: 0, lastLossAt: null, open: new Map() },
  ...(data.lossesEnd === true && { standingLosses: noLosses }),
  realizedPnl: money.zero,
  fees: money.zero,
  epoch: data.epoch,
  reset: data,
  resets: [...session.resets, data],
  lastAt: later(session.lastAt, data.at),
});
