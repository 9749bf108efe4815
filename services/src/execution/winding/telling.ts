import type { OutputOf } from '@sentinel/contracts';
import { type EventMetadata, quantity } from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { isClosing, leftOf, type Session, type StandingWindDown } from '../session/index.ts';
import { attemptsAt } from './plan.ts';
import type { WayDown } from './way-down.ts';

type Answer = OutputOf<'FlattenAll'>;

/** Whether the venue has been asked to let go of a symbol, or to close it. */
const isBegun = (session: Session, symbol: Ticker): boolean =>
  [...session.working.values()].some(
    (order) =>
      order.intent.symbol === symbol && (isClosing(order) || order.cancelRequestedAt !== null),
  );

/** Says how a wish to wind down stands, and what happens next and when. */
export const windDownTelling = ({
  market,
  way,
}: {
  readonly market: Pick<MarketData, 'now' | 'session'>;
  readonly way: WayDown;
}) => {
  const next = async (
    wish: StandingWindDown,
    session: Session,
    metadata: EventMetadata,
  ): Promise<readonly [Answer['status'], string]> => {
    if (wish.outcome === 'revoked')
      return ['revoked', 'All orders were canceled before it was done: nothing goes on.'];
    const left = leftOf(wish, session);
    if (wish.outcome === 'done' || left.length === 0) return ['done', 'Nothing is left to do.'];
    if (wish.kind === 'cancel_all')
      return ['under_way', 'The venue has been asked, and what it says is written down.'];
    if (way.isClosed(session)) {
      const { opensAt } = market.session(market.now());
      return [
        'waiting',
        `The market is closed${opensAt === null ? '' : ` until ${opensAt}`}: then what holds the shares of ${left.join(', ')} is canceled and the positions are closed at market. Exits stay until then. execution.cancel_all calls it off.`,
      ];
    }
    for (const symbol of left) {
      if (isBegun(session, symbol)) continue;
      const why = await way.obstacle(session, symbol, metadata);
      if (why !== undefined)
        return ['waiting', `${symbol} cannot be traded now and is tried again: ${why}`];
    }
    return [
      'under_way',
      `Closing ${left.join(', ')} goes on by itself. Read portfolio.positions in a moment.`,
    ];
  };

  const positions = (wish: StandingWindDown, session: Session): Answer['positions'] =>
    wish.kind === 'cancel_all'
      ? []
      : wish.held.map(({ symbol, quantity: before }) => ({
          symbol,
          qty_before: before,
          qty_now: session.positions.get(symbol)?.quantity ?? quantity.zero,
          closing_orders: attemptsAt(session, wish, symbol).map((record) => ({
            order_id: record.orderId,
            decision_id: record.decisionId,
            status: record.status,
          })),
        }));

  return { next, positions };
};
