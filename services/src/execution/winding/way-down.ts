import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import { leftOf, type Session, standingWindDowns } from '../session/index.ts';
import {
  openSessionIn,
  type Progress,
  symbolClosing,
  type WayDownOptions,
} from './close-symbol.ts';
import { symbolsInTurn } from './plan.ts';

/**
 * Takes an account down the way that somebody asked for, one step at a time, from whatever state it is in.
 */
export const wayDown = (options: WayDownOptions) => {
  const { sessions, market, ledBy } = options;
  const { obstacle, closeIn } = symbolClosing(options);
  const openSession = openSessionIn(sessions);

  const isClosed = (session: Session): boolean => {
    const at = market.now();
    const { state, date } = market.session(at);
    return state === 'closed' || date !== session.date;
  };

  /** A wish that the session before could not finish goes on in this one, and is the same wish. */
  const inherit = async (stream: StreamName, metadata: EventMetadata): Promise<void> => {
    const session = await openSession(stream);
    if (session === undefined || session.previous === null) return;
    const before = session.previous as StreamName;
    const { state } = await sessions.load(before);
    if (state.phase !== 'closed') return;
    for (const wish of standingWindDowns(state)) {
      const { held: _, canceled: __, outcome: ___, ...asked } = wish;
      // Cancels that were asked for go on by themselves, with the orders that they are about.
      if (wish.kind === 'cancel_all' || session.windDowns.has(wish.windDownId)) continue;
      if (leftOf(wish, session).length === 0) continue;
      const again = { type: 'RequestWindDown', earlierUse: null } as const;
      const inherited = { ...asked, idempotencyKey: null, at: market.now() };
      const led = await ledBy({ stream: before, windDownId: wish.windDownId }, metadata);
      await sessions.execute(stream, { ...again, wish: inherited }, led);
    }
  };

  const step = async (stream: StreamName, metadata: EventMetadata): Promise<Progress> => {
    await inherit(stream, metadata);
    const progress: Progress[] = [];
    const begun = await openSession(stream);
    for (const { windDownId } of begun === undefined ? [] : standingWindDowns(begun)) {
      const session = await openSession(stream);
      const wish = session?.windDowns.get(windDownId);
      if (session === undefined || wish === undefined || wish.outcome !== null) continue;
      const left = leftOf(wish, session);
      const led = await ledBy({ stream, windDownId }, metadata);
      if (wish.kind === 'cancel_all') {
        for (const symbol of left) {
          const clearing = { type: 'ClearTheWay', windDownId, symbol, at: market.now() } as const;
          await sessions.execute(stream, clearing, led);
        }
        progress.push('under_way');
        continue;
      }
      if (isClosed(session)) {
        progress.push('waiting');
        continue;
      }
      for (const symbol of symbolsInTurn(session, left))
        progress.push(await closeIn(stream, { wish, symbol }, led));
    }
    if (progress.includes('under_way')) return 'under_way';
    return progress.includes('waiting') ? 'waiting' : 'idle';
  };

  return { step, obstacle, isClosed };
};

export type WayDown = ReturnType<typeof wayDown>;
