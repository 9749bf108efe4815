import type { WorkingOrder } from '@sentinel/contracts/execution';
import { accepted, type Digest, quantity, refused } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { assess, recordAssessment } from '../../risk/index.ts';
import { assessedAccount } from './account.ts';
import { changedIntent } from './changed-intent.ts';
import type { ReplaceOrder, SessionDecision } from './commands.ts';
import { moveRefusal } from './entry.ts';
import { factsNeeded } from './facts-needed.ts';
import type { Gathered } from './gathered.ts';
import { addedBy } from './granted.ts';
import { unfitBesideExits, withRealExit } from './real-exits.ts';
import type { Session, SessionEvent } from './state.ts';
import { shareOf } from './venue-reports.ts';

/**
 * A change asked for while another is on its way goes on top of it. Of an unknown order the wish is
 * kept, and asked for once the order turns out to work.
 */
const takesNewTerms = ({ status, cancelRequestedAt }: WorkingOrder): boolean =>
  status === 'accepted' ||
  status === 'triggered' ||
  status === 'partially_filled' ||
  status === 'pending_replace' ||
  (status === 'unknown' && cancelRequestedAt === null);

/** The fees among the facts are those of the terms for which they were gathered. */
const otherTerms = (intent: OrderIntent, gathered: Gathered) =>
  intent.quantity === gathered.intent.quantity &&
  intent.limitPrice === gathered.intent.limitPrice &&
  intent.triggerPrice === gathered.intent.triggerPrice
    ? undefined
    : refused(
        'FACTS_LACKING',
        'The order changed while the market was asked.',
        'Look at the order and try again.',
      );

/**
 * New terms for a working order: judged as if the order were not there, and sent to the venue in the
 * same append. Until the venue has answered, the larger of both terms stays reserved.
 */
export const replaceOrder = (
  command: ReplaceOrder,
  session: Session,
  digest: Digest,
): SessionDecision => {
  const { gathered, decisionId, codeDigest, orderId } = command;
  const order = session.working.get(orderId);
  if (order === undefined) {
    return refused(
      session.orders.get(orderId) === undefined ? 'UNKNOWN_ORDER' : 'ORDER_NOT_WORKING',
      `There is no working order ${orderId} in this session.`,
      'List the orders that work to find its id.',
    );
  }
  if (!takesNewTerms(order)) {
    return refused(
      'ORDER_NOT_WORKING',
      `The order is ${order.status}: its terms cannot be changed now.`,
      'Look at the order again in a moment.',
    );
  }
  const changed = changedIntent(order, command.changes);
  if (!changed.ok) return changed;
  const intent = changed.value;
  const unfit = unfitBesideExits({ changes: command.changes, intent }, order, session);
  if (unfit !== undefined) return unfit;
  if (intent.quantity <= order.cumulativeQuantity) {
    return refused(
      'ORDER_NOT_WORKING',
      `${quantity.format(order.cumulativeQuantity)} shares of it are filled already.`,
      'Give a larger quantity, or cancel the rest.',
    );
  }
  const needed = otherTerms(intent, gathered) ?? factsNeeded(session, command.facts, gathered);
  if (!needed.ok) return needed;
  const facts = needed.value;
  const wrongSide = moveRefusal({ changes: command.changes, intent }, order, facts);
  if (wrongSide !== undefined) return wrongSide;
  const leaves = quantity.subtract(intent.quantity, order.cumulativeQuantity);
  const rest = { ...withRealExit(intent, orderId, session), quantity: leaves };
  const inputs = {
    intent: rest,
    facts,
    limits: session.limits,
    account: assessedAccount(session, { intent: rest, replaces: orderId, facts }),
  };
  const assessment = assess(inputs);
  const assessed: SessionEvent = {
    type: 'RiskAssessed',
    data: recordAssessment(inputs, assessment, {
      decisionId,
      purpose: 'order',
      replaces: orderId,
      codeDigest,
      digest,
    }),
  };
  const { verdict } = assessment;
  // A human has said yes to other terms, if to any: the order keeps those.
  if (verdict.outcome !== 'APPROVED') return accepted([assessed]);
  return accepted([
    assessed,
    {
      type: 'OrderPendingReplace',
      data: {
        orderId,
        symbol: intent.symbol,
        decisionId,
        intent,
        reservedCash: shareOf(verdict.approval.reservedCash, intent.quantity, leaves),
        ...addedBy(
          facts,
          { intent: rest, reducing: assessment.reducing },
          { session, replaces: orderId },
        ),
        at: facts.at,
      },
    },
  ]);
};
