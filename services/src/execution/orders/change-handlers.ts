import type { Handlers, InputOf } from '@sentinel/contracts';
import { type Venue, viewOfOrder } from '@sentinel/contracts/execution';
import {
  accepted,
  type DecisionId,
  type EventMetadata,
  refused,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { tradingMode } from '@sentinel/contracts/market';
import { reconcileSession } from '../routing/reconciliation.ts';
import { changedIntent, type Session, type SessionEvent } from '../session/index.ts';
import { findRecord } from './find-order.ts';
import type { PlacementOptions } from './placement.ts';

/** Why an order keeps its terms, where the assessment did not let the new ones pass. */
const keepsTerms = (assessed: SessionEvent | undefined, decisionId: DecisionId) => {
  if (assessed?.type !== 'RiskAssessed') return undefined;
  const { checks, denialCode, outcome } = assessed.data;
  if (outcome === 'APPROVAL_REQUIRED') {
    return refused(
      'HUMAN_APPROVAL',
      `A human decides on such terms. The order keeps its own; decision ${decisionId}.`,
      'Cancel it and propose an order with the new terms: execution.propose_order.',
    );
  }
  if (denialCode === null) return undefined;
  const message = checks.find(({ code }) => code === denialCode)?.message ?? '';
  return refused(
    denialCode,
    `${message} The order keeps its terms; decision ${decisionId}.`,
    'Ask audit.explain_trade with the decision id for every check, its value and its limit.',
  );
};

/** Changes to orders that work already. */
export const changeHandlers = (
  options: PlacementOptions & { readonly venue: Venue<Session> },
): Handlers<'ReplaceOrder' | 'Reconcile'> => {
  const { sessions, market, newId, codeDigest } = options;
  const mode = tradingMode(market.source);

  const replacement = async (
    stream: StreamName,
    {
      input,
      decisionId,
      metadata,
    }: {
      readonly input: InputOf<'ReplaceOrder'>;
      readonly decisionId: DecisionId;
      readonly metadata: EventMetadata;
    },
  ) => {
    const { order_id: orderId, qty, limit_price: limitPrice, stop_price: stopPrice } = input;
    const { state } = await sessions.refresh(stream);
    const record = state.phase === 'open' ? state.orders.get(orderId) : undefined;
    if (record === undefined) {
      return refused(
        'UNKNOWN_ORDER',
        `There is no order ${orderId} in this session.`,
        'List the orders that work to find its id.',
      );
    }
    const changes = { quantity: qty, limitPrice, stopPrice };
    return options.gathering(stream, {
      intentIn: (so) => {
        const order = so.phase === 'open' ? so.working.get(orderId) : undefined;
        if (order === undefined) return record.intent;
        const changed = changedIntent(order, changes);
        return changed.ok ? changed.value : order.intent;
      },
      command: (known) => ({
        ...({ type: 'ReplaceOrder', orderId, changes } as const),
        ...{ decisionId, codeDigest, ...known },
      }),
      metadata,
    });
  };

  return {
    ReplaceOrder: async (input, { metadata }) => {
      const decisionId = newId() as DecisionId;
      const outcome = await sessions.during(metadata, (stream) =>
        replacement(stream, { input, decisionId, metadata }),
      );
      if (!outcome.ok) return outcome;
      const kept = keepsTerms(outcome.value.events[0]?.event, decisionId);
      if (kept !== undefined) return kept;
      return accepted({
        mode,
        source: market.source,
        order: viewOfOrder(await findRecord(sessions, outcome.value.state, input.order_id)),
        decision_id: decisionId,
        log_position: `${outcome.value.logPosition ?? 0n}`,
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
      const { logPosition } = outcome?.value ?? (await sessions.load(stream));
      return accepted({ mode, resolved, log_position: `${logPosition ?? 0n}` });
    },
  };
};
