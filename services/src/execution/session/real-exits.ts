import type { OrderLink, WorkingOrder } from '@sentinel/contracts/execution';
import { type OrderId, type Outcome, type Price, price, refused } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { newestIntent } from './changed-intent.ts';
import type { OrderChanges } from './commands.ts';
import { type Session, workingInTurn } from './state.ts';

const exitsThatWork = (session: Session, parentId: OrderId): readonly WorkingOrder[] =>
  workingInTurn(session).filter(({ link }) => link?.parentId === parentId);

/** The exit that gets out at a loss; whatever else works beside it has a limit. */
const stopAmong = (exits: readonly WorkingOrder[]): WorkingOrder | undefined =>
  exits.find(({ intent }) => intent.triggerPrice !== undefined);

/** Where a stop stands, or will: of what is and what is asked for the one that loses more. */
const worstStopOf = (stop: WorkingOrder): Price => {
  const now = stop.intent.triggerPrice as Price;
  const asked = newestIntent(stop).triggerPrice as Price;
  return (stop.intent.side === 'buy') === now > asked ? now : asked;
};

/**
 * The intent with its way out where that really is: at the stop loss that works for it, or else at the
 * one that its fills will set out. What its owner only means to do counts where there is neither.
 */
export const withRealExit = (
  intent: OrderIntent,
  orderId: OrderId,
  session: Session,
): OrderIntent => {
  const working = exitsThatWork(session, orderId).filter((exit) => exit.orderId !== orderId);
  if (working.length === 0) {
    const stopLoss = intent.exits?.stopLoss ?? null;
    return stopLoss === null ? intent : { ...intent, stopPrice: stopLoss };
  }
  // What fills from here on makes those that work larger, and sets out none anew.
  const stop = stopAmong(working);
  return { ...intent, stopPrice: stop === undefined ? null : worstStopOf(stop) };
};

type Refused = Extract<Outcome<never, 'INVALID_ARGUMENT'>, { ok: false }>;

/** Why new terms do not fit the exits beside the order; undefined when they do. */
export const unfitBesideExits = (
  { changes, intent }: { readonly changes: OrderChanges; readonly intent: OrderIntent },
  order: WorkingOrder,
  session: Session,
): Refused | undefined => {
  const { orderId, link } = order;
  if (link !== undefined) return crossesOther(intent, { orderId, link }, session);
  const stop = stopAmong(exitsThatWork(session, orderId));
  if (changes.stopPrice === undefined || stop === undefined) return undefined;
  return refused(
    'INVALID_ARGUMENT',
    'Its stop loss works already, as an order of its own.',
    `Give stop_price for order ${stop.orderId}.`,
  );
};

/** Of two exits the one that gains must stand on the better side of the one that loses. */
const crossesOther = (
  intent: OrderIntent,
  { orderId, link }: { readonly orderId: OrderId; readonly link: OrderLink },
  session: Session,
): Refused | undefined => {
  const other = exitsThatWork(session, link.parentId).find((exit) => exit.orderId !== orderId);
  if (other === undefined || other.triggeredAt !== undefined) return undefined;
  const theirs = newestIntent(other);
  // The one that gains has the limit, and the one that loses the stop.
  const takes = (intent.limitPrice ?? theirs.limitPrice) as Price;
  const loses = (intent.triggerPrice ?? theirs.triggerPrice) as Price;
  const fits = intent.side === 'buy' ? takes < loses : takes > loses;
  if (fits) return undefined;
  return refused(
    'INVALID_ARGUMENT',
    `The exits stand on the wrong side: ${price.format(takes)} gains and ${price.format(loses)} loses.`,
    'To sell, keep the limit above the stop; to buy back, below it. Move the other exit first.',
  );
};
