import type { Handlers, InputOf } from '@sentinel/contracts';
import {
  accepted,
  canonicalJson,
  type DecisionId,
  encodeBy,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import { tradingMode } from '@sentinel/contracts/market';
import { type OrderIntent, orderIntentSchema } from '@sentinel/contracts/risk';
import { findRecord } from './find-order.ts';
import type { ExecutionOptions } from './handlers.ts';
import { viewOfOrder } from './order-view.ts';
import { reconcileSession } from './reconciliation.ts';
import { markedSymbols } from './session/index.ts';

/** Changes to orders that work already. */
export const changeHandlers = (
  options: ExecutionOptions,
): Handlers<'ReplaceOrder' | 'Reconcile'> => {
  const { sessions, market, facts, newId, digest, codeDigest } = options;
  const mode = tradingMode(market.source);

  return {
    ReplaceOrder: async (input, { metadata }) => {
      const current = await sessions.current(metadata);
      if (!current.ok) return current;
      const stream = current.value;
      const { state } = await sessions.load(stream);
      const record = state.phase === 'open' ? state.orders.get(input.order_id) : undefined;
      if (record === undefined || state.phase !== 'open') {
        return refused(
          'UNKNOWN_ORDER',
          `There is no order ${input.order_id} in this session.`,
          'List the orders that work to find its id.',
        );
      }
      const intent = changed(record.intent, input, record.link !== undefined);
      if (!intent.ok) return intent;
      const decisionId = newId() as DecisionId;
      const outcome = await sessions.execute(
        stream,
        async (before) => ({
          type: 'ReplaceOrder',
          intent: intent.value,
          facts: await facts.gather(
            intent.value,
            before.phase === 'unopened' ? [] : markedSymbols(before),
            metadata,
          ),
          orderId: input.order_id,
          decisionId,
          paramsDigest: digest(canonicalJson(encodeBy(orderIntentSchema, intent.value))),
          codeDigest,
        }),
        metadata,
      );
      if (!outcome.ok) return outcome;
      const assessed = outcome.value.events[0]?.event;
      if (assessed?.type === 'RiskAssessed' && assessed.data.denialCode !== null) {
        const { checks, denialCode } = assessed.data;
        const message = checks.find(({ code }) => code === denialCode)?.message ?? '';
        return refused(
          denialCode,
          `${message} The order keeps its terms; decision ${decisionId}.`,
          'Ask audit.explain_trade with the decision id for every check, its value and its limit.',
        );
      }
      options.onSubmitted(stream);
      return accepted({
        mode,
        source: market.source,
        order: viewOfOrder(await findRecord(sessions, outcome.value.state, input.order_id)),
        decision_id: decisionId,
        log_position: `${outcome.value.position ?? 0n}`,
      });
    },

    Reconcile: async (_, { metadata }) => {
      const current = await sessions.current(metadata);
      if (!current.ok) return current;
      const stream = current.value;
      const outcome = await reconcileSession({ ...options, at: market.now() }, stream, metadata);
      if (outcome?.ok === false) return outcome;
      const resolved = (outcome?.value.events ?? []).flatMap(({ event }) =>
        event.type === 'OrderAccepted' || event.type === 'OrderRejected'
          ? [
              {
                order_id: event.data.orderId,
                symbol: event.data.symbol ?? '',
                status: event.type === 'OrderAccepted' ? 'accepted' : 'rejected',
              },
            ]
          : [],
      );
      const { position } = outcome?.value ?? (await sessions.load(stream));
      return accepted({ mode, resolved, log_position: `${position ?? 0n}` });
    },
  };
};

/** The order's intent with what the caller changes, or why that does not fit it. */
const changed = (
  intent: OrderIntent,
  { qty, limit_price: limit, stop_price: stop }: InputOf<'ReplaceOrder'>,
  isExit: boolean,
): Outcome<OrderIntent> => {
  if (qty === undefined && limit === undefined && stop === undefined)
    return refused('INVALID_ARGUMENT', 'Nothing is to be changed.', 'Give a quantity or a price.');
  if (isExit && qty !== undefined) {
    return refused(
      'INVALID_ARGUMENT',
      'The quantity of an exit follows what its parent filled.',
      'Change its price, or cancel it.',
    );
  }
  if (limit !== undefined && intent.limitPrice === null)
    return refused('INVALID_ARGUMENT', 'The order has no limit price.', 'Leave limit_price out.');
  if (stop !== undefined && intent.trail !== undefined)
    return refused('INVALID_ARGUMENT', 'Its trail moves the stop.', 'Leave stop_price out.');
  const waits = intent.triggerPrice !== undefined;
  return accepted({
    ...intent,
    quantity: qty ?? intent.quantity,
    limitPrice: limit ?? intent.limitPrice,
    ...(stop !== undefined && (waits ? { triggerPrice: stop } : { stopPrice: stop })),
  });
};
