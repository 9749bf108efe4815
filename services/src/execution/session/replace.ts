import { isWorking, type WorkingOrder } from '@sentinel/contracts/execution';
import { accepted, type Digest, quantity, refused } from '@sentinel/contracts/kernel';
import { assess, recordAssessment } from '../../risk/index.ts';
import { assessedAccount } from './account.ts';
import type { ReplaceOrder, SessionDecision } from './commands.ts';
import type { Session, SessionEvent } from './state.ts';
import { shareOf } from './venue-reports.ts';

/** Of an unknown order the wish is kept, and asked for once the order turns out to work. */
const takesNewTerms = ({ status, cancelRequestedAt }: WorkingOrder): boolean =>
  status === 'accepted' ||
  status === 'partially_filled' ||
  (status === 'unknown' && cancelRequestedAt === null);

/**
 * New terms for a working order: judged as if the order were not there, and sent to the venue in the
 * same append. Until the venue has answered, the larger of both terms stays reserved.
 */
export const replaceOrder = (
  command: ReplaceOrder,
  session: Session,
  digest: Digest,
): SessionDecision => {
  const { intent, facts, decisionId, codeDigest, orderId } = command;
  const order = session.working.get(orderId);
  if (order === undefined || !isWorking(order.status)) {
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
  if (intent.quantity <= order.cumulativeQuantity) {
    return refused(
      'ORDER_NOT_WORKING',
      `${quantity.format(order.cumulativeQuantity)} shares of it are filled already.`,
      'Give a larger quantity, or cancel the rest.',
    );
  }
  const leaves = quantity.subtract(intent.quantity, order.cumulativeQuantity);
  const rest = { ...intent, quantity: leaves };
  const inputs = {
    intent: rest,
    facts,
    limits: session.limits,
    account: assessedAccount(session, { intent: rest, replaces: orderId, at: facts.at }),
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
  if (verdict.outcome === 'DENIED') return accepted([assessed]);
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
        at: facts.at,
      },
    },
  ]);
};
