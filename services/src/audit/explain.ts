import type { Handler } from '@sentinel/contracts';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  accepted,
  type Digest,
  decodeEvent,
  type EventStore,
  EventStoreCorrupt,
  type OrderId,
  type RecordedEvent,
  refused,
  type Sha256,
  type StreamName,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import {
  type Session,
  type SessionEvent,
  type SessionState,
  sessionDecider,
} from '../execution/index.ts';
import type { LocatePlace } from '../kernel/index.ts';
import { checkEvidence } from './check-evidence.ts';
import { explainFinding } from './explain-finding.ts';
import { findingEvent } from './judge-again.ts';
import { narrate, type Told } from './narrative.ts';
import { reExecute } from './re-execute.ts';

/** Where a decision stands in the log, found from an event, decision or order id. */
export type LocateDecision = (
  id: string,
) => Promise<{ readonly stream: StreamName; readonly version: StreamVersion } | undefined>;

export type ExplainOptions = {
  readonly eventStore: EventStore;
  readonly digest: Digest;
  readonly codeDigest: Sha256;
  readonly source: MarketSource;
  readonly locate: LocateDecision;
  /** Where a classification, a signal or a scan stands, by an id of its own. */
  readonly locateFinding: LocatePlace;
  /** Waits until the index that `locate` reads holds this position; false when it does not in time. */
  readonly waitFor: (
    position: NonNullable<Parameters<Handler<'ExplainTrade'>>[0]['min_position']>,
  ) => Promise<boolean>;
  /** How far that index has come. */
  readonly position: () => bigint;
};

const decode = (recorded: RecordedEvent): SessionEvent => decodeEvent(sessionEvents, recorded);

/** The session as it stood just before `version`, and everything recorded from there on. */
const replay = async (options: ExplainOptions, stream: StreamName, version: StreamVersion) => {
  const recorded = await options.eventStore.readStream(stream);
  const { evolve, initialState } = sessionDecider(options.digest);
  const before = recorded
    .filter((event) => event.version < version)
    .reduce<SessionState>((state, event) => evolve(state, decode(event)), initialState);
  const [decision, ...after] = recorded.filter((event) => event.version >= version);
  if (before.phase === 'unopened' || decision === undefined) {
    throw new EventStoreCorrupt(
      `${stream} does not hold the decision that the index names at version ${version}`,
    );
  }
  return { before: before satisfies Session, decision, after };
};

const orderOf = (events: readonly RecordedEvent[], decisionId: string): OrderId | undefined => {
  for (const recorded of events) {
    const event = decode(recorded);
    if (
      (event.type === 'OrderSubmitted' || event.type === 'OrderDenied') &&
      event.data.decisionId === decisionId
    ) {
      return event.data.orderId;
    }
  }
  return undefined;
};

/** What became of the order, within the session in which it was decided. */
const storyOf = (
  events: readonly RecordedEvent[],
  orderId: OrderId | undefined,
): readonly Told[] =>
  orderId === undefined
    ? []
    : events
        .map((recorded) => ({ id: recorded.id, event: decode(recorded) }))
        .filter(({ event }) => 'orderId' in event.data && event.data.orderId === orderId);

const assessmentIn = (recorded: RecordedEvent): RiskAssessed => {
  const event = decode(recorded);
  if (event.type !== 'RiskAssessed')
    throw new EventStoreCorrupt(`event ${recorded.id} is no assessment`);
  return event.data;
};

/** Makes a past decision again over what was recorded, and tells it line by line. */
export const explainTrade =
  (options: ExplainOptions): Handler<'ExplainTrade'> =>
  async ({ audit_event_id: id, min_position: minPosition }) => {
    if (minPosition !== undefined && !(await options.waitFor(minPosition))) {
      return refused(
        'STALE_VIEW',
        'The index has not come to that position yet.',
        'Try again in a moment.',
      );
    }
    const found = await options.locate(id);
    const common = {
      mode: tradingMode(options.source),
      as_of_position: `${options.position()}`,
    };
    if (found === undefined) {
      const sources = { ...options, locate: options.locateFinding };
      const finding = await findingEvent(sources, id);
      if (finding !== undefined)
        return accepted({ ...(await explainFinding(finding, sources)), ...common });
      return refused(
        'UNKNOWN_DECISION',
        'No decision belongs to this id.',
        'Give the id of an assessment, an order event, a classification, a signal or a scan, a decision id or an order id; audit.recent_events lists them.',
      );
    }
    const { before, decision, after } = await replay(options, found.stream, found.version);
    const recorded = assessmentIn(decision);
    const again = reExecute(recorded, before, options.digest);
    const orderId = orderOf(after, recorded.decisionId);
    return accepted({
      decision_id: recorded.decisionId,
      order_id: orderId ?? null,
      re_executed: {
        result: again.result,
        recorded_inputs_digest: recorded.inputsDigest,
        recomputed_inputs_digest: again.inputsDigest,
        recorded_result_digest: recorded.resultDigest,
        recomputed_result_digest: again.resultDigest,
        same_code: recorded.codeDigest === options.codeDigest,
        recorded_code_digest: recorded.codeDigest,
        policy_version: recorded.policyVersion,
        limits_version: recorded.limitsVersion,
        differences: [...again.differences],
      },
      evidence: [...(await checkEvidence(options, recorded.facts))],
      narrative: [...narrate({ id: decision.id, data: recorded }, storyOf(after, orderId))],
      source: recorded.facts.quote?.source ?? null,
      ...common,
    });
  };
