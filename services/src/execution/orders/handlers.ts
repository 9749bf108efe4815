import type { Handlers, InputOf } from '@sentinel/contracts';
import { type UsedKey, viewOfOrder } from '@sentinel/contracts/execution';
import {
  accepted,
  type EventMetadata,
  type EventStore,
  type OrderId,
  refused,
} from '@sentinel/contracts/kernel';
import { tradingMode } from '@sentinel/contracts/market';
import type { RiskAssessed, RiskCheck } from '@sentinel/contracts/risk';
import { pendingIn } from '../../approval/index.ts';
import { intentOf, tellingChecks } from '../../risk/index.ts';
import type { OrderRecord, SessionEvent, SessionState } from '../session/index.ts';
import { earlierDenial } from './earlier-denial.ts';
import { findRecord } from './find-order.ts';
import { type PlacementOptions, placing } from './placement.ts';
import { figuresOf, wayOut, wayOutOf } from './ways-out.ts';

/** What stands in the log where the caller gave none. */
export const noReason = 'No reason was given.';

/** What is asked of a human about an order; null where nobody is asked any more. */
const waiting = (state: SessionState, orderId: OrderId, howToApprove: string) => {
  const requests = state.phase === 'unopened' ? [] : pendingIn(state.requests);
  const request = requests.find(({ subject }) => subject === orderId);
  return request === undefined
    ? null
    : {
        request_id: request.requestId,
        expires_at: request.expiresAt,
        how_to_approve: howToApprove,
      };
};

type OrderOptions = PlacementOptions & {
  readonly howToApprove: string;
  readonly eventStore: Pick<EventStore, 'readStream'>;
};

export const executionHandlers = (
  options: OrderOptions,
): Handlers<'ValidateTrade' | 'PlaceOrder' | 'ProposeOrder' | 'CancelOrder'> => {
  const { sessions, market } = options;
  const placement = placing(options);
  const answers = { mode: tradingMode(market.source), source: market.source };

  const place = async (
    input: InputOf<'PlaceOrder'>,
    purpose: 'order' | 'proposal',
    metadata: EventMetadata,
  ) => {
    const intent = intentOf(input);
    if (!intent.ok) return intent;
    const idempotencyKey = input.idempotency_key ?? null;
    const placed = await placement(
      { purpose, intent: intent.value, idempotencyKey, givenReason: input.reason },
      metadata,
    );
    if (!placed.ok) return placed;
    const { state, events } = placed.value;
    const repeated = events.length === 0;
    const known = () => knownOrder(state, idempotencyKey, placed.value.earlierUse);
    const orderId = repeated ? known() : placed.value.orderId;
    const record = await findRecord(sessions, state, orderId);
    const assessed = assessmentIn(events);
    if (record.status === 'denied') {
      const first = assessed ?? (await earlierDenial(options, state, record));
      return denied(record, first, { state, repeated });
    }
    const proposal = state.phase === 'unopened' ? undefined : state.proposals.get(orderId);
    const answer = {
      ...answers,
      order: viewOfOrder(record),
      approval: waiting(state, orderId, options.howToApprove),
      soft_checks_failed: softFailures(assessed),
      repeated,
      log_position: `${placed.value.logPosition ?? 0n}`,
    };
    return accepted({ answer, proposal });
  };

  return {
    ValidateTrade: async (input, { metadata }) => {
      const intent = intentOf(input);
      if (!intent.ok) return intent;
      const placed = await placement(
        { purpose: 'preview', intent: intent.value, idempotencyKey: null },
        metadata,
      );
      if (!placed.ok) return placed;
      const data = assessmentIn(placed.value.events);
      if (data === undefined) throw new Error('a preview was decided without an assessment');
      return accepted({
        ...answers,
        decision_id: data.decisionId,
        outcome: data.outcome,
        denial_code: data.denialCode,
        limits_version: data.limitsVersion,
        policy_version: data.policyVersion,
        ...shownChecks(data.checks, input.detail),
        log_position: `${placed.value.logPosition ?? 0n}`,
      });
    },

    PlaceOrder: async (input, { metadata }) => {
      const placed = await place(input, 'order', metadata);
      return placed.ok ? accepted(placed.value.answer) : placed;
    },

    ProposeOrder: async (input, { metadata }) => {
      const placed = await place(input, 'proposal', metadata);
      if (!placed.ok) return placed;
      const { proposal } = placed.value;
      const { soft_checks_failed: _, ...answer } = placed.value.answer;
      return accepted({ ...answer, checks: [...(proposal?.checks ?? [])] });
    },

    CancelOrder: async ({ order_id: orderId, reason = noReason }, { metadata }) => {
      const outcome = await sessions.during(metadata, (stream) => {
        const command = { type: 'CancelOrder', orderId, reason, at: market.now() } as const;
        return sessions.execute(stream, command, metadata);
      });
      if (!outcome.ok) return outcome;
      return accepted({
        ...answers,
        order: viewOfOrder(await findRecord(sessions, outcome.value.state, orderId)),
        log_position: `${outcome.value.logPosition ?? 0n}`,
      });
    },
  };
};

const knownOrder = (state: SessionState, key: string | null, earlier: UsedKey | null): OrderId => {
  const here = state.phase === 'unopened' || key === null ? undefined : state.keys.get(key);
  const used = here ?? earlier;
  if (used === null) throw new Error('an order was decided without an event or a known key');
  return used.orderId;
};

/** The assessment among what was decided; a repeated call decides nothing. */
const assessmentIn = (
  events: readonly { readonly event: SessionEvent }[],
): RiskAssessed | undefined => {
  for (const { event } of events) if (event.type === 'RiskAssessed') return event.data;
  return undefined;
};

/** So many of the checks that passed are shown unless all are asked for. */
const nearestShown = 5;

const shownChecks = (all: readonly RiskCheck[], detail: 'short' | 'full' | undefined) => {
  const checks = detail === 'full' ? [...all] : tellingChecks(all, nearestShown);
  return { checks: [...checks], other_checks_count: all.length - checks.length };
};

/** The soft checks that did not pass: they warn, and the order went on all the same. */
const softFailures = (assessed: RiskAssessed | undefined) =>
  (assessed?.checks ?? []).flatMap(({ code, hard, status, message }) =>
    !hard && status === 'FAIL' ? [{ code, message }] : [],
  );

/** Our own refusal, which the log remembers: its code and figures, the decision, and the way out. */
const denied = (
  { reason, decisionId, orderId }: OrderRecord,
  assessed: RiskAssessed,
  { state, repeated }: { readonly state: SessionState; readonly repeated: boolean },
) =>
  refused(
    reason?.code ?? 'DENIED',
    `${reason?.message ?? 'The order was denied.'}${figuresOf(assessed)} The order was not submitted; decision ${decisionId}, order ${orderId}.`,
    // The same key is denied for good, whenever there is room for messages again.
    repeated && assessed.denialCode === 'MAX_MESSAGES'
      ? wayOutOf(assessed.denialCode)
      : wayOut(assessed, state),
  );
