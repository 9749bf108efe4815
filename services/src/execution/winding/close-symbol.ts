import {
  type DecisionId,
  type Digest,
  type EventMetadata,
  type OrderId,
  quantity,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { derivedId } from '../../kernel/index.ts';
import { assess, type Facts } from '../../risk/index.ts';
import type { Placement } from '../orders/placement.ts';
import {
  assessedAccount,
  closingKey,
  isClosing,
  markedSymbols,
  type Session,
  type StandingWindDown,
} from '../session/index.ts';
import type { SessionOutcome } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { LedBy } from './led-by.ts';
import { attemptsAt, closingIntent, inDoubt, isTooSoon, takesCancel, workingIn } from './plan.ts';

export type WayDownOptions = {
  readonly sessions: Pick<Sessions, 'load' | 'execute'>;
  readonly market: Pick<MarketData, 'now' | 'session'>;
  readonly facts: Facts;
  readonly digest: Digest;
  readonly ledBy: LedBy;
  readonly place: (
    placement: Placement,
    metadata: EventMetadata,
  ) => Promise<SessionOutcome | { readonly ok: false }>;
};

const workflow = 'wind-down';

/** How one step left it: `idle` has nothing to do, `under_way` waits for the venue, `waiting` for the market. */
export type Progress = 'idle' | 'under_way' | 'waiting';

/** The session of a stream, as long as it is open. */
export const openSessionIn =
  (sessions: Pick<Sessions, 'load'>) =>
  async (stream: StreamName): Promise<Session | undefined> => {
    const { state } = await sessions.load(stream);
    return state.phase === 'open' ? state : undefined;
  };

/**
 * Closes the position in one symbol, a step at a time: what protects it is canceled only when its closing
 * order would be taken, and that follows as soon as the venue has let go of the shares.
 */
export const symbolClosing = (options: WayDownOptions) => {
  const { sessions, market, facts, place, digest } = options;
  const openSession = openSessionIn(sessions);

  /** Why the order that closes a position would not be taken now, with nothing of its symbol in its way. */
  const obstacle = async (
    session: Session,
    symbol: Ticker,
    metadata: EventMetadata,
  ): Promise<string | undefined> => {
    const held = session.positions.get(symbol)?.quantity ?? quantity.zero;
    if (held === 0n) return undefined;
    const intent = closingIntent(symbol, held);
    const known = await facts.gather(intent, markedSymbols(session), metadata);
    const account = assessedAccount(session, { intent, facts: known });
    const reservations = account.reservations.filter((each) => each.symbol !== symbol);
    const { uncorrelated: _, ...gathered } = known;
    const inputs = { intent, facts: gathered, limits: session.limits };
    const { verdict } = assess({ ...inputs, account: { ...account, reservations } });
    return verdict.outcome === 'DENIED' ? verdict.message : undefined;
  };

  const closeIn = async (
    stream: StreamName,
    { wish, symbol }: { readonly wish: StandingWindDown; readonly symbol: Ticker },
    metadata: EventMetadata,
  ): Promise<Progress> => {
    const before = await openSession(stream);
    if (before === undefined) return 'idle';
    const others = workingIn(before, symbol).filter((order) => !isClosing(order));
    const isBegun = workingIn(before, symbol).some((order) => isClosing(order));
    if (!isBegun && (await obstacle(before, symbol, metadata)) !== undefined) return 'waiting';
    if (others.some(takesCancel)) {
      const { windDownId } = wish;
      const clearing = { type: 'ClearTheWay', windDownId, symbol, at: market.now() } as const;
      await sessions.execute(stream, clearing, metadata);
    }
    const session = await openSession(stream);
    if (session === undefined) return 'idle';
    const working = workingIn(session, symbol);
    if (working.some(({ status }) => status !== 'unknown')) return 'under_way';
    const held = session.positions.get(symbol)?.quantity ?? quantity.zero;
    const intent = closingIntent(symbol, held);
    const free = quantity.subtract(intent.quantity, inDoubt(working, intent.side));
    if (free <= 0n) return working.length > 0 ? 'under_way' : 'idle';
    const attempts = attemptsAt(session, wish, symbol);
    if (isTooSoon(attempts.at(-1), market.now())) return 'waiting';
    const { windDownId, givenReason } = wish;
    const idempotencyKey = closingKey(wish, { symbol, session, n: attempts.length + 1 });
    const idFor = (purpose: string) =>
      derivedId(digest, { workflow, key: idempotencyKey, cause: windDownId, purpose });
    const ids = {
      orderId: idFor('order') as OrderId,
      decisionId: idFor('decision') as DecisionId,
    };
    const closing = { ...intent, quantity: free };
    await place(
      { purpose: 'order', intent: closing, idempotencyKey, givenReason, windDownId, ids },
      metadata,
    );
    return 'under_way';
  };

  return { obstacle, closeIn };
};
