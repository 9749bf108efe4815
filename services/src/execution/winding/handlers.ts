import type { Handlers, OutputOf } from '@sentinel/contracts';
import type { WindDown } from '@sentinel/contracts/execution';
import {
  accepted,
  type EventMetadata,
  type LogPosition,
  type NewId,
  type Outcome,
  type RequestContext,
  type StreamName,
  type Timer,
  type WindDownId,
} from '@sentinel/contracts/kernel';
import { type MarketData, type Ticker, tradingMode } from '@sentinel/contracts/market';
import { leftOf, type Session, type StandingWindDown } from '../session/index.ts';
import type { SessionStore } from '../sessions/session-store.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { earlierWish } from './earlier-wish.ts';
import { windDownTelling } from './telling.ts';
import type { WayDown } from './way-down.ts';

export type WindDownOptions = {
  readonly sessions: Sessions;
  readonly store: Pick<SessionStore, 'refresh'>;
  readonly market: MarketData;
  readonly way: WayDown;
  readonly newId: NewId;
  /** How a call waits for what the house does by itself; without it, it answers at once. */
  readonly pause?: Timer['pause'] | undefined;
};

/** How often it is looked at while a caller waits, and how often at the most: about fifteen seconds. */
const lookEveryMs = 25;
const mostLooks = 600;

type Wishing = {
  readonly reason?: string | undefined;
  readonly idempotency_key?: string | undefined;
};

const wordsOf = (input: Wishing, { principal }: EventMetadata) => ({
  idempotencyKey: input.idempotency_key ?? null,
  givenReason: input.reason ?? null,
  requestedBy: principal,
});

type Answer = OutputOf<'FlattenAll'>;
type Found = { readonly session: Session; readonly logPosition: LogPosition | undefined };

export const windDownHandlers = (
  options: WindDownOptions,
): Handlers<'ClosePosition' | 'CancelAll' | 'FlattenAll'> => {
  const { sessions, store, market, way, newId, pause } = options;

  const telling = windDownTelling(options);

  const answer = async (
    wish: StandingWindDown,
    { session, logPosition }: Found,
    { repeated, metadata }: { readonly repeated: boolean; readonly metadata: EventMetadata },
  ): Promise<Answer> => {
    const [status, next] = await telling.next(wish, session, metadata);
    return {
      mode: tradingMode(market.source),
      source: market.source,
      wind_down_id: wish.windDownId,
      ...{ status, next },
      canceled_orders: wish.canceled.flatMap((orderId) => {
        const record = session.orders.get(orderId);
        if (record === undefined) return [];
        return [{ order_id: orderId, symbol: record.intent.symbol, status: record.status }];
      }),
      positions: telling.positions(wish, session),
      repeated,
      log_position: `${logPosition ?? 0n}`,
    };
  };

  /** Looks on while the house does the work, until it is done, must wait for the market, or takes long. */
  const watch = async (
    stream: StreamName,
    windDownId: WindDownId,
    { signal, progress }: RequestContext,
  ): Promise<Found> => {
    for (let look = 0; ; look++) {
      const { state, logPosition } = await store.refresh(stream);
      if (state.phase === 'unopened') throw new Error(`${stream} is not open`);
      const found = { session: state, logPosition };
      const wish = state.windDowns.get(windDownId);
      const left = wish === undefined ? [] : leftOf(wish, state);
      const total = new Set([...(wish?.held.map(({ symbol }) => symbol) ?? []), ...left]).size;
      progress(total - left.length, total, `left: ${left.join(', ') || 'nothing'}`);
      const isOver = wish === undefined || wish.outcome !== null || left.length === 0;
      const waits = wish?.kind !== 'cancel_all' && way.isClosed(state);
      if (isOver || waits || look === mostLooks || signal.aborted || state.phase !== 'open')
        return found;
      if (pause === undefined) return found;
      await pause(lookEveryMs, signal);
    }
  };

  const request = async (
    of: Pick<WindDown, 'kind' | 'symbol'>,
    input: Wishing,
    context: RequestContext,
  ): Promise<Outcome<Answer>> => {
    const { metadata } = context;
    const windDownId = newId() as WindDownId;
    const key = input.idempotency_key ?? null;
    const outcome = await sessions.during(metadata, async (stream) => {
      const { state } = await sessions.refresh(stream);
      const earlierUse = await earlierWish(sessions, state, { key, now: market.now() });
      const wish = { ...of, windDownId, at: market.now(), ...wordsOf(input, metadata) };
      const command = { type: 'RequestWindDown', wish, earlierUse } as const;
      const asked = await sessions.execute(stream, command, metadata);
      return asked.ok ? accepted({ stream, earlierUse, ...asked.value }) : asked;
    });
    if (!outcome.ok) return outcome;
    const { stream, earlierUse, events, state } = outcome.value;
    if (state.phase === 'unopened') throw new Error(`${stream} is not open`);
    const repeated = events.length === 0;
    const here = [...state.windDowns.values()].find(({ idempotencyKey }) => idempotencyKey === key);
    const id = repeated ? (here ?? earlierUse)?.windDownId : windDownId;
    if (id === undefined) throw new Error('a wish was known and is not found');
    const found = await watch(stream, id, context);
    const wish = found.session.windDowns.get(id) ?? earlierUse;
    if (wish === null || wish === undefined) throw new Error(`the wish ${id} is not found`);
    return accepted(await answer(wish as StandingWindDown, found, { repeated, metadata }));
  };

  return {
    ClosePosition: (input, context) =>
      request({ kind: 'close_position', symbol: input.symbol as Ticker }, input, context),
    CancelAll: (input, context) =>
      request({ kind: 'cancel_all', symbol: input.symbol ?? null }, input, context),
    FlattenAll: (input, context) => request({ kind: 'flatten_all', symbol: null }, input, context),
  };
};
