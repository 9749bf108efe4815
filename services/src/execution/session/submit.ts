import { type Digest, money } from '@sentinel/contracts/kernel';
import type { Approval } from '../../risk/index.ts';
import type { PlaceOrder } from './commands.ts';
import { exitOrderId } from './exits.ts';
import { grantedBy } from './granted.ts';
import type { Session, SessionEvent } from './state.ts';

/**
 * The only way to an order event: it takes an approval, and only an assessment makes one. A limit that
 * shrinks a position and names a stop loss is a pair (OCO): one's fill shrinks the other.
 */
export const submitted = (
  approval: Approval,
  command: Pick<
    PlaceOrder,
    | 'orderId'
    | 'decisionId'
    | 'idempotencyKey'
    | 'paramsDigest'
    | 'givenReason'
    | 'windDownId'
    | 'facts'
  >,
  { session, digest }: { readonly session: Session; readonly digest: Digest },
): readonly SessionEvent[] => {
  const { intent, reservedCash } = approval;
  const { orderId, decisionId, idempotencyKey, paramsDigest } = command;
  const { at } = command.facts;
  const sequence = session.orderSequence + 1;
  const order = {
    orderId,
    decisionId,
    sequence,
    intent,
    reservedCash,
    idempotencyKey,
    paramsDigest,
    givenReason: command.givenReason ?? null,
    ...grantedBy(command.facts, { intent, reducing: approval.reducing }),
    ...(command.windDownId !== undefined && { windDownId: command.windDownId }),
    at,
  };
  const stopLoss = intent.exits?.stopLoss ?? null;
  if (!approval.reducing || stopLoss === null) return [{ type: 'OrderSubmitted', data: order }];
  const { exits: _, ...plain } = intent;
  const stop = { ...plain, orderType: 'stop', limitPrice: null, triggerPrice: stopLoss } as const;
  return [
    {
      type: 'OrderSubmitted',
      data: { ...order, intent: plain, link: { role: 'take_profit', parentId: orderId } },
    },
    {
      type: 'OrderSubmitted',
      data: {
        ...order,
        orderId: exitOrderId(orderId, 'stop_loss', { fill: 0, digest }),
        sequence: sequence + 1,
        intent: stop,
        reservedCash: money.zero,
        idempotencyKey: null,
        link: { role: 'stop_loss', parentId: orderId },
      },
    },
  ];
};
