import type { OrderIntent, RiskAssessed } from '@sentinel/contracts/risk';
import {
  type Gathered,
  markedSymbols,
  type Session,
  type SessionCommand,
  type SessionEvent,
} from '../../execution/index.ts';

type Denied = Extract<SessionEvent, { readonly type: 'OrderDenied' }>['data'];

/** What a decision was gathered for: the facts that it took are those that stand in it. */
export const gatheredOf = (
  { facts }: Pick<RiskAssessed, 'facts'>,
  intent: OrderIntent,
  session: Session,
): Gathered => {
  const symbols = markedSymbols(session);
  return { symbols, intent, uncorrelated: facts.correlations === null ? symbols : [] };
};

/** How a human was to be asked, where one was. */
const askingIn = (event: SessionEvent | undefined) => {
  if (event?.type !== 'ApprovalRequested') return {};
  const { requestId, requestedBy, requestedAt, expiresAt } = event.data;
  return { asking: { requestId, requestedBy, requestedAt, expiresAt } };
};

const orderIn = (event: SessionEvent | undefined) => {
  switch (event?.type) {
    case 'OrderSubmitted':
    case 'OrderDenied':
    case 'OrderProposed':
      return event.data;
    default:
      return undefined;
  }
};

/** The order, preview or proposal that was asked for; undefined where too little is recorded to ask again. */
export const placeBehind = (
  assessed: RiskAssessed,
  [next, afterNext]: readonly SessionEvent[],
  session: Session,
): SessionCommand | undefined => {
  const { purpose, intent, facts, decisionId, codeDigest } = assessed;
  // What a human has said yes to came in with the answer, and is made again by itself.
  if ((facts.human?.approval ?? null) !== null) return undefined;
  const order = orderIn(next);
  const known = order?.decisionId === decisionId ? order : undefined;
  if (purpose !== 'preview' && known === undefined) return undefined;
  return {
    ...({ type: 'PlaceOrder', purpose, intent, facts, decisionId, codeDigest } as const),
    gathered: gatheredOf(assessed, intent, session),
    ...{ givenReason: known?.givenReason ?? null, ...askingIn(afterNext) },
    ...(known !== undefined && 'windDownId' in known && { windDownId: known.windDownId }),
    // A preview leaves no order, and its key is not used up.
    orderId: known?.orderId ?? ('' as Denied['orderId']),
    idempotencyKey: known?.idempotencyKey ?? null,
    paramsDigest: known?.paramsDigest ?? ('' as Denied['paramsDigest']),
    earlierUse: null,
  };
};
