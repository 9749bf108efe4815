import type { Handlers, InputOf } from '@sentinel/contracts';
import {
  accepted,
  canonicalJson,
  type DecisionId,
  type Digest,
  type EventMetadata,
  type NewId,
  type OrderId,
  type Outcome,
  refused,
  type Sha256,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { type MarketData, tradingMode } from '@sentinel/contracts/market';
import { type OrderIntent, orderIntentSchema, type RiskAssessed } from '@sentinel/contracts/risk';
import type { Facts } from './facts.ts';
import { viewOfOrder } from './order-view.ts';
import { markedSymbols, type OrderRecord, type SessionCommand, type SessionState } from './session/index.ts';
import type { SessionOutcome, Sessions } from './sessions.ts';

export type ExecutionOptions = {
  readonly sessions: Sessions;
  readonly market: MarketData;
  readonly facts: Facts;
  readonly newId: NewId;
  readonly digest: Digest;
  /** SHA-256 of the sources that decide, recorded with every decision. */
  readonly codeDigest: Sha256;
  /** Called once an order stands in the log, so that the venue looks at it. */
  readonly onSubmitted: (stream: StreamName) => void;
};

type OrderInput = InputOf<'ValidateTrade'> & Partial<Pick<InputOf<'PlaceOrder'>, 'time_in_force'>>;

const intentOf = (input: OrderInput): Outcome<OrderIntent> => {
  if (input.order_type === 'limit' && input.limit_price === undefined) {
    return refused('INVALID_ARGUMENT', 'A limit order needs a limit_price.', 'Give limit_price, or use order_type market.');
  }
  if (input.order_type === 'market' && input.limit_price !== undefined) {
    return refused('INVALID_ARGUMENT', 'A market order takes no limit_price.', 'Leave limit_price out, or use order_type limit.');
  }
  return accepted({
    symbol: input.symbol,
    side: input.side,
    quantity: input.qty,
    orderType: input.order_type,
    limitPrice: input.limit_price ?? null,
    stopPrice: input.stop_price ?? null,
    timeInForce: input.time_in_force ?? 'day',
    strategyId: input.strategy_id ?? null,
  });
};

type Placement = { readonly purpose: RiskAssessed['purpose']; readonly intent: OrderIntent; readonly idempotencyKey: string | null };

/** How many sessions back a repeated key may lead: keys live 24 hours. */
const sessionsBack = 8;

/** An order where it was decided: in this session, or in one whose keys its books carried over. */
const findRecord = async (sessions: Sessions, newest: SessionState, orderId: OrderId): Promise<OrderRecord> => {
  let state = newest;
  for (let back = 0; back <= sessionsBack && state.phase !== 'unopened'; back++) {
    const record = state.orders.get(orderId);
    if (record !== undefined) return record;
    if (state.previous === null) break;
    state = (await sessions.load(state.previous as StreamName)).state;
  }
  throw new Error(`order ${orderId} stands in no session of its account`);
};

export const executionHandlers = (options: ExecutionOptions): Handlers<'ValidateTrade' | 'PlaceOrder' | 'CancelOrder'> => {
  const { sessions, market, facts, newId, digest, codeDigest } = options;
  const answers = { mode: tradingMode(market.source), source: market.source };

  const placement = async (placing: Placement, metadata: EventMetadata) => {
    const { purpose, intent, idempotencyKey } = placing;
    if ((await market.instrument(intent.symbol)) === undefined) {
      return refused('UNKNOWN_SYMBOL', `The ${market.source} market does not know ${intent.symbol}.`, 'Check the ticker with market.snapshot.');
    }
    const current = await sessions.current(metadata);
    if (!current.ok) return current;
    const stream = current.value;
    const ids = { orderId: newId() as OrderId, decisionId: newId() as DecisionId };
    const paramsDigest = digest(canonicalJson(orderIntentSchema.encode(intent)));
    const command = async (state: SessionState): Promise<SessionCommand> => ({
      type: 'PlaceOrder',
      purpose,
      intent,
      facts: await facts.gather(intent, state.phase === 'unopened' ? [] : markedSymbols(state), metadata),
      ...ids,
      idempotencyKey,
      paramsDigest,
      codeDigest,
    });
    const outcome = await sessions.execute(stream, command, metadata);
    return outcome.ok ? accepted({ stream, ...ids, ...outcome.value }) : outcome;
  };

  return {
    ValidateTrade: async (input, { metadata }) => {
      const intent = intentOf(input);
      if (!intent.ok) return intent;
      const placed = await placement({ purpose: 'preview', intent: intent.value, idempotencyKey: null }, metadata);
      if (!placed.ok) return placed;
      const assessed = placed.value.events[0]?.event;
      if (assessed?.type !== 'RiskAssessed') throw new Error('a preview was decided without an assessment');
      const { data } = assessed;
      return accepted({
        ...answers,
        decision_id: data.decisionId,
        outcome: data.outcome,
        denial_code: data.denialCode,
        limits_version: data.limitsVersion,
        policy_version: data.policyVersion,
        checks: data.checks,
        log_position: `${placed.value.position ?? 0n}`,
      });
    },

    PlaceOrder: async (input, { metadata }) => {
      const intent = intentOf(input);
      if (!intent.ok) return intent;
      const idempotencyKey = input.idempotency_key ?? null;
      const placed = await placement({ purpose: 'order', intent: intent.value, idempotencyKey }, metadata);
      if (!placed.ok) return placed;
      const { stream, state, events } = placed.value;
      const repeated = events.length === 0;
      const orderId = repeated ? knownOrder(state, idempotencyKey) : placed.value.orderId;
      const record = await findRecord(sessions, state, orderId);
      if (record.status === 'submitted') options.onSubmitted(stream);
      if (record.status === 'denied') return denied(record);
      return accepted({ ...answers, order: viewOfOrder(record), repeated, log_position: `${placed.value.position ?? 0n}` });
    },

    CancelOrder: async ({ order_id: orderId, reason }, { metadata }) => {
      const current = await sessions.current(metadata);
      if (!current.ok) return current;
      const at = market.now();
      const outcome: SessionOutcome = await sessions.execute(
        current.value,
        () => ({ type: 'CancelOrder', orderId, reason, at }),
        metadata,
      );
      if (!outcome.ok) return outcome;
      options.onSubmitted(current.value);
      return accepted({
        ...answers,
        order: viewOfOrder(await findRecord(sessions, outcome.value.state, orderId)),
        log_position: `${outcome.value.position ?? 0n}`,
      });
    },
  };
};

const knownOrder = (state: SessionState, key: string | null): OrderId => {
  const used = state.phase === 'unopened' || key === null ? undefined : state.keys.get(key);
  if (used === undefined) throw new Error('an order was decided without an event or a known key');
  return used.orderId;
};

/** Our own refusal, which the log remembers: the caller gets its code and the decision to ask about. */
const denied = ({ reason, decisionId, orderId }: OrderRecord) =>
  refused(
    reason?.code ?? 'DENIED',
    `${reason?.message ?? 'The order was denied.'} The order was not submitted; decision ${decisionId}, order ${orderId}.`,
    'Ask audit.explain_trade with the decision id for every check, its value and its limit.',
  );
