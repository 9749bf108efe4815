import type { Handlers } from '@sentinel/contracts';
import { accepted, type Money, refused, type StreamName } from '@sentinel/contracts/kernel';
import { tradingMode } from '@sentinel/contracts/market';
import type { Session, SessionState } from '../session/index.ts';
import { closedSession } from '../sessions/closed-session.ts';
import type { WindDownOptions } from './handlers.ts';
import type { WayDown } from './way-down.ts';

const mostSessionsBack = 8;

/** What flattening the account takes out of the way. */
const inTheWay: ReadonlySet<string> = new Set(['ORDERS_WORKING', 'POSITIONS_HELD']);

type Reset = NonNullable<Session['reset']>;

/** The new beginning that a key led to, in the newest session or in one before it. */
const resetBy = async (
  sessions: WindDownOptions['sessions'],
  newest: SessionState,
  key: string,
): Promise<Reset | undefined> => {
  let state = newest;
  for (let back = 0; back <= mostSessionsBack && state.phase !== 'unopened'; back++) {
    const known = state.resets.find(({ idempotencyKey }) => idempotencyKey === key);
    if (known !== undefined) return known;
    if (state.previous === null) return undefined;
    ({ state } = await closedSession(sessions, state.previous as StreamName));
  }
  return undefined;
};

/** Begins a paper account anew, once it has been flattened: each trade keeps its outcome. */
export const resetHandlers = (
  options: Pick<WindDownOptions, 'sessions' | 'market'> & {
    readonly account: string;
    readonly startingCash: Money;
    readonly way: WayDown;
    readonly flattenAll: Handlers<'FlattenAll'>['FlattenAll'];
  },
): Handlers<'ResetPaper'> => {
  const { sessions, market, account, startingCash, way, flattenAll } = options;
  const answer = (reset: Reset, repeated: boolean, logPosition: bigint | undefined) =>
    accepted({
      mode: tradingMode(market.source),
      account,
      epoch: reset.epoch,
      cash: reset.cash,
      cash_before: reset.cashBefore,
      repeated,
      log_position: `${logPosition ?? 0n}`,
    });

  return {
    ResetPaper: async (input, context) => {
      const { metadata } = context;
      const current = await sessions.current(metadata);
      if (!current.ok) return current;
      const { state, logPosition } = await sessions.refresh(current.value);
      const key = input.idempotency_key ?? null;
      const known = key === null ? undefined : await resetBy(sessions, state, key);
      if (known !== undefined) return answer(known, true, logPosition);
      if (state.phase === 'open' && state.venue.venue === 'live')
        return refused('NOT_PAPER', 'This account is real.', 'Nothing of it can be begun anew.');
      const command = {
        ...({ type: 'ResetPaper', cash: startingCash, idempotencyKey: key } as const),
        ...{ givenReason: input.reason ?? null, requestedBy: metadata.principal },
      };
      const reset = () =>
        sessions.during(metadata, (stream) =>
          sessions.execute(stream, { ...command, at: market.now() }, metadata),
        );
      let outcome = await reset();
      const isInTheWay = !outcome.ok && inTheWay.has(outcome.refusal.code);
      // On a closed market nothing is begun that would go on by itself later.
      const waits = state.phase === 'open' && state.positions.size > 0 && way.isClosed(state);
      if (isInTheWay && !waits) {
        const flat = await flattenAll({ reason: input.reason }, context);
        if (!flat.ok) return flat;
        outcome = await reset();
      }
      if (!outcome.ok) return outcome;
      const after = outcome.value.state;
      if (after.phase === 'unopened' || after.reset === null)
        throw new Error('an account was begun anew and does not say so');
      return answer(after.reset, outcome.value.events.length === 0, outcome.value.logPosition);
    },
  };
};
