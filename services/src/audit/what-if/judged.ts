import type { EventId, OrderId } from '@sentinel/contracts/kernel';
import type { OrderIntent, RiskAssessed, RiskCheck } from '@sentinel/contracts/risk';
import {
  assessedAccount,
  changedIntent,
  markedSymbols,
  type Session,
  type SessionCommand,
  type SessionEvent,
  type sessionDecider,
} from '../../execution/index.ts';
import { assess } from '../../risk/index.ts';

/** How one decision comes out in a session that is lived otherwise. */
export type Decided = {
  /** Refused is what could not be asked here; moot is a change of an order that does not work here. */
  readonly outcome: 'APPROVED' | 'DENIED' | 'APPROVAL_REQUIRED' | 'REFUSED' | 'MOOT';
  /** Why not; null where it is approved. */
  readonly code: string | null;
  readonly check: RiskCheck | null;
  readonly orderId: OrderId | null;
};
export type Decisions = ReadonlyMap<EventId, Decided>;

type SessionDecision = ReturnType<ReturnType<typeof sessionDecider>['decide']>;
export type Gathering = Extract<SessionCommand, { readonly type: 'PlaceOrder' | 'ReplaceOrder' }>;

const nothing = { check: null, orderId: null } as const;
export const moot: Decided = { outcome: 'MOOT', code: null, ...nothing };

export const decidedBy = (decision: SessionDecision): Decided | undefined => {
  if (!decision.ok) return { outcome: 'REFUSED', code: decision.refusal.code, ...nothing };
  const [assessed, order] = decision.value;
  if (assessed?.type !== 'RiskAssessed') return undefined;
  const { outcome, denialCode: code, checks } = assessed.data;
  const orderId = order !== undefined && 'orderId' in order.data ? order.data.orderId : null;
  return { outcome, code, orderId, check: checks.find((each) => each.code === code) ?? null };
};

/** A decision of which nothing followed that could be done again. */
export const judgedAlone = (data: RiskAssessed, session: Session): Decided => {
  const { intent, facts, replaces } = data;
  if (replaces !== undefined && session.working.get(replaces) === undefined) return moot;
  const account = assessedAccount(session, { intent, replaces, facts });
  const { verdict, checks } = assess({ intent, facts, limits: session.limits, account });
  const code = verdict.outcome === 'DENIED' ? verdict.code : null;
  const check = checks.find((each) => each.code === code) ?? null;
  return { outcome: verdict.outcome, code, check, orderId: replaces ?? null };
};

/** The same facts, held to be enough: of what is held here and was not there only the last price is known. */
export const askedHere = (command: Gathering, session: Session): Gathering => {
  const symbols = markedSymbols(session);
  if (command.type === 'PlaceOrder')
    return { ...command, gathered: { ...command.gathered, symbols } };
  const order = session.working.get(command.orderId);
  const changed = order && changedIntent(order, command.changes);
  const intent = changed?.ok === true ? changed.value : command.gathered.intent;
  return { ...command, gathered: { ...command.gathered, symbols, intent } };
};

const sameTerms = (a: OrderIntent, b: OrderIntent): boolean =>
  a.quantity === b.quantity && a.limitPrice === b.limitPrice && a.collar === b.collar;

/** Orders that are not on record with these terms: of them the venue has said nothing. */
export const notOnRecord = (
  events: readonly SessionEvent[],
  recorded: readonly SessionEvent[],
): readonly OrderId[] =>
  events.flatMap((event) => {
    if (event.type !== 'OrderSubmitted' && event.type !== 'OrderPendingReplace') return [];
    const { orderId, intent } = event.data;
    const isRecorded = recorded.some(
      (each) =>
        each.type === event.type &&
        each.data.orderId === orderId &&
        sameTerms(each.data.intent, intent),
    );
    return isRecorded ? [] : [orderId];
  });
