import { isWorking } from '@sentinel/contracts/execution';
import { accepted, type Digest, isBefore, refused } from '@sentinel/contracts/kernel';
import { assess, recordAssessment } from '../../risk/index.ts';
import { assessedAccount } from './account.ts';
import { closeBooks, openBooks } from './books.ts';
import type { CancelOrder, PlaceOrder, SessionCommand, SessionDecision } from './commands.ts';
import { type BookCommand, decideBooks, isOfBooks } from './decide-books.ts';
import { entryRefusal } from './entry.ts';
import { evolve } from './evolve/evolve.ts';
import { factsNeeded } from './facts-needed.ts';
import { answerProposal, expireProposals, proposed } from './proposals.ts';
import { reconcile } from './reconcile.ts';
import { replaceOrder } from './replace.ts';
import { resetPaper } from './reset-paper.ts';
import type { Session, SessionEvent, SessionState } from './state.ts';
import { submitted } from './submit.ts';
import { type Taken, takeReports } from './venue-reports.ts';
import { clearTheWay, endingsIn, requestWindDown } from './wind-down.ts';

type Decision = SessionDecision;

/** Orders that wait for a human at the most: a closing ends them all in one append. */
const mostProposals = 40;

const knownUse = ({ idempotencyKey, earlierUse }: PlaceOrder, session: Session) =>
  idempotencyKey === null ? null : (session.keys.get(idempotencyKey) ?? earlierUse);

const placeOrder = (command: PlaceOrder, session: Session, digest: Digest): Decision => {
  const { intent, decisionId, purpose, codeDigest, idempotencyKey, paramsDigest, orderId } =
    command;
  const known = knownUse(command, session);
  if (known !== null) {
    return known.paramsDigest === paramsDigest
      ? accepted([])
      : refused(
          'IDEMPOTENCY_KEY_REUSED',
          `The idempotency key was used for another order (${known.orderId}).`,
          'Use a fresh key for a different order.',
        );
  }
  const needed = factsNeeded(session, command.facts, command.gathered);
  if (!needed.ok) return needed;
  const facts = needed.value;
  const unfit = entryRefusal(intent, facts, session.venue);
  if (unfit !== undefined) return unfit;
  const inputs = {
    intent,
    facts,
    limits: session.limits,
    account: assessedAccount(session, { intent, facts }),
  };
  const assessment = assess(inputs);
  const assessed: SessionEvent = {
    type: 'RiskAssessed',
    data: recordAssessment(inputs, assessment, { decisionId, purpose, codeDigest, digest }),
  };
  if (purpose === 'preview') return accepted([assessed]);
  const { verdict } = assessment;
  if (verdict.outcome === 'APPROVAL_REQUIRED' && session.proposals.size >= mostProposals)
    return refused(
      'TOO_MANY_WAITING',
      `${session.proposals.size} orders wait for a human already.`,
      'Wait until some are answered; approval.list shows them.',
    );
  if (verdict.outcome === 'APPROVAL_REQUIRED')
    return accepted([assessed, ...proposed(assessment, command, { session, digest })]);
  if (verdict.outcome === 'APPROVED')
    return accepted([assessed, ...submitted(verdict.approval, command, { session, digest })]);
  const { code, message } = verdict;
  const denied = {
    orderId,
    decisionId,
    intent,
    code,
    message,
    idempotencyKey,
    paramsDigest,
    givenReason: command.givenReason ?? null,
    at: facts.at,
  };
  return accepted([assessed, { type: 'OrderDenied', data: denied }]);
};

const cancelOrder = ({ orderId, reason, at }: CancelOrder, session: Session): Decision => {
  const record = session.orders.get(orderId);
  if (record === undefined) {
    return refused(
      'UNKNOWN_ORDER',
      `There is no order ${orderId} in this session.`,
      'List orders to find its id.',
    );
  }
  // Asked for already, and done once the venue has said so or it is known what became of the order.
  if ((session.working.get(orderId)?.cancelRequestedAt ?? null) !== null) return accepted([]);
  if (!isWorking(record.status)) {
    return refused(
      'ORDER_NOT_WORKING',
      `The order is ${record.status} and cannot be canceled.`,
      'Nothing is left to cancel.',
    );
  }
  return accepted([
    {
      type: 'OrderPendingCancel',
      data: { orderId, symbol: record.intent.symbol, reason, windDownId: null, at },
    },
  ]);
};

const after = (session: Session, events: readonly SessionEvent[]): Taken => ({
  events,
  session: events.reduce<Session>((now, event) => evolve(now, event) as Session, session),
});

/** What the venue says may be the last that a wish to wind down has waited for. */
const withEndings = ({ events, session }: Taken): Decision =>
  accepted([...events, ...endingsIn(session)]);

const decideOpen = (
  command: Exclude<SessionCommand, { type: 'OpenSession' } | BookCommand>,
  session: Session,
  digest: Digest,
): Decision => {
  switch (command.type) {
    case 'PlaceOrder':
      return placeOrder(command, session, digest);
    case 'CancelOrder':
      return cancelOrder(command, session);
    case 'RequestWindDown':
      return requestWindDown(command, session);
    case 'ClearTheWay':
      return clearTheWay(command, session);
    case 'ResetPaper':
      return resetPaper(command, session);
    case 'AnswerProposal':
      return answerProposal(command, session, digest);
    case 'ExpireProposals':
      return accepted(expireProposals(command, session));
    case 'ReportVenue':
      return withEndings(takeReports(command.reports, session, digest));
    case 'ReplaceOrder':
      return replaceOrder(command, session, digest);
    case 'Reconcile':
      return withEndings(after(session, reconcile(command, session, digest)));
    case 'CloseSession':
      return closeBooks(command, session);
  }
};

/** What is asked between the end of a session and its closing is of its last moment. */
const withinSession = <Command extends SessionCommand>(
  command: Command,
  { endsAt }: Session,
): Command =>
  'at' in command && endsAt !== null && isBefore(endsAt, command.at)
    ? { ...command, at: endsAt }
    : command;

/** What a command leads to in a session. `digest` is pure, so the decision is. */
export const decideSession =
  (digest: Digest) =>
  (command: SessionCommand, state: SessionState): Decision => {
    if (command.type === 'OpenSession') {
      return state.phase === 'unopened' ? accepted([openBooks(command)]) : accepted([]);
    }
    if (state.phase === 'unopened') {
      return refused(
        'SESSION_NOT_OPEN',
        'The trading session is not open yet.',
        'Try again in a moment.',
      );
    }
    if (state.phase === 'closed') {
      return command.type === 'CloseSession'
        ? accepted([])
        : refused(
            'SESSION_NOT_OPEN',
            `The session of ${state.date} is closed.`,
            'Try again: the next session opens by itself.',
          );
    }
    const within = withinSession(command, state);
    if (isOfBooks(within)) return decideBooks(within, state);
    return state.phase === 'open'
      ? decideOpen(within, state, digest)
      : refused(
          'SESSION_NOT_OPEN',
          `The session of ${state.date} is being opened.`,
          'Try again in a moment.',
        );
  };
