import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, type Money, money, type RecordedEvent } from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import {
  type Session,
  type SessionEvent,
  type SessionState,
  sessionDecider,
} from '@sentinel/services/execution';

const decider = sessionDecider(sha256);

const costOf = (positions: Iterable<{ readonly cost: Money }>): Money =>
  money.add(...[...positions].map(({ cost }) => cost));

/** What left the cash must be in positions and fees, and what came must have been realised. */
const conserves = (opening: Session, session: Session): boolean => {
  const before = money.add(opening.cash, costOf(opening.positions.values()));
  const after = money.add(session.cash, costOf(session.positions.values()));
  return after === money.subtract(money.add(before, session.realizedPnl), session.fees);
};

/** An order is written with its assessment or not at all: an append that was torn shows here. */
const tornAppends = (events: readonly SessionEvent[]): readonly string[] =>
  events.flatMap((event, index) => {
    if (event.type !== 'RiskAssessed' || event.data.purpose !== 'order') return [];
    const next = events[index + 1];
    const follows = next?.type === 'OrderSubmitted' || next?.type === 'OrderDenied';
    return follows && next.data.decisionId === event.data.decisionId
      ? []
      : [`decision ${event.data.decisionId} has no order`];
  });

const overfilled = ({ orders }: Session, events: readonly SessionEvent[]): readonly string[] =>
  events.flatMap(({ type, data }) => {
    if (type !== 'OrderSubmitted') return [];
    const filled = orders.get(data.orderId)?.cumulativeQuantity ?? 0n;
    return filled > data.intent.quantity ? [`order ${data.orderId} is filled beyond its size`] : [];
  });

const verifySession = (recorded: readonly RecordedEvent[]): readonly string[] => {
  const events = recorded.map((event): SessionEvent => decodeEvent(sessionEvents, event));
  const [opened, ...rest] = events;
  if (opened === undefined) return ['it is empty'];
  const opening = decider.evolve(decider.initialState, opened);
  if (opening.phase === 'unopened') return ['it was not opened by its first event'];
  const session = rest.reduce<SessionState>(decider.evolve, opening) as Session;
  return [
    ...(conserves(opening, session) ? [] : ['it does not conserve money']),
    ...tornAppends(events),
    ...overfilled(session, events),
  ];
};

/** Every session stream folds, conserves money, and holds whole appends only. */
export const verifySessions = (log: readonly RecordedEvent[]): readonly string[] => {
  const streams = Map.groupBy(
    log.filter(({ stream }) => stream.startsWith('session-')),
    ({ stream }) => stream,
  );
  return [...streams].flatMap(([stream, recorded]) => {
    try {
      return verifySession(recorded).map((what) => `${stream}: ${what}`);
    } catch (error) {
      return [`${stream} cannot be folded: ${error instanceof Error ? error.message : error}`];
    }
  });
};
