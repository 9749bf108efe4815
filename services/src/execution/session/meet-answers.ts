import type { VenueReport } from '@sentinel/contracts/execution';
import { isBefore } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { answerTo, dueAt, reportsOf } from '../venue/index.ts';
import { type Session, workingInTurn } from './state.ts';

const mostReports = 100;

/**
 * What the paper venue answers orders that have reached it by `at`: it need see no bar for that, and an
 * order in a symbol that nobody trades is answered like any other.
 */
export const meetAnswers = (
  session: Session,
  at: Temporal.Instant,
  market: Pick<MarketData, 'session'>,
): readonly VenueReport[] =>
  workingInTurn(session)
    .flatMap((order): readonly VenueReport[] => {
      const due = dueAt(order, session.venue);
      const isLate = session.endsAt !== null && !isBefore(due, session.endsAt);
      if (isBefore(at, due) || isLate) return [];
      const answer = answerTo({
        ...{ order, due, session: market.session(due) },
        ...{ terms: session.venue, tradingDate: session.date },
      });
      return answer === undefined ? [] : reportsOf(order.orderId, [answer]);
    })
    .slice(0, mostReports);
