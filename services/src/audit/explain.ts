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
import { type LocatePlace, readPages } from '../kernel/index.ts';
import { askedBy } from './asked-by.ts';
import { checkEvidence } from './check-evidence.ts';
import { explainEvent } from './explain-event.ts';
import { explainFinding } from './explain-finding.ts';
import { findingEvent } from './judge-again.ts';
import { narrate } from './narrative.ts';
import { headlineOf } from './note.ts';
import { reExecute } from './re-execute.ts';
import type { Told } from './story-line.ts';

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
  /** The stream in which any other event stands, or what has an id of its own: a halt, a request, a session. */
  readonly locateStory: (id: string) => Promise<StreamName | undefined>;
  /** What an event says, in one line. */
  readonly sayEvent: (recorded: RecordedEvent) => string;
  /** Waits until the index that `locate` reads holds this position; false when it does not in time. */
  readonly waitFor: (
    logPosition: NonNullable<Parameters<Handler<'ExplainTrade'>>[0]['min_position']>,
  ) => Promise<boolean>;
  /** How far that index has come. */
  readonly logPosition: () => bigint;
};

const decode = (recorded: RecordedEvent): SessionEvent => decodeEvent(sessionEvents, recorded);

type Replayed = {
  /** The session as it stood just before the decision. */
  readonly before: Session;
  readonly decision: RecordedEvent;
  /** The order that the decision led to; undefined when it led to none. */
  readonly orderId: OrderId | undefined;
  /** What became of the order and of its exits, within the session in which it was decided. */
  readonly story: readonly Told[];
};

const isOrderOf = ({ type, data }: SessionEvent, decisionId: string): boolean =>
  (type === 'OrderProposed' || type === 'OrderSubmitted' || type === 'OrderDenied') &&
  data.decisionId === decisionId;

/** Reads the session through once, and keeps of what followed the decision only what it is about. */
const replay = async (
  options: ExplainOptions,
  stream: StreamName,
  version: StreamVersion,
): Promise<Replayed> => {
  const { evolve, initialState } = sessionDecider(options.digest);
  let before: SessionState = initialState;
  let decision: { readonly recorded: RecordedEvent; readonly id: string } | undefined;
  let orderId: OrderId | undefined;
  const ofDecision = new Set<OrderId>();
  const story: Told[] = [];
  for await (const page of readPages(options.eventStore, stream))
    for (const recorded of page) {
      const event = decode(recorded);
      if (recorded.version < version) before = evolve(before, event);
      else if (recorded.version === version)
        decision = { recorded, id: assessmentIn(recorded).decisionId };
      else if ('orderId' in event.data) {
        const id = event.data.orderId as OrderId;
        if (isOrderOf(event, decision?.id ?? '')) {
          orderId ??= id;
          ofDecision.add(id);
        }
        if (ofDecision.has(id)) story.push({ id: recorded.id, event });
      }
    }
  if (before.phase === 'unopened' || decision === undefined) {
    throw new EventStoreCorrupt(
      `${stream} does not hold the decision that the index names at version ${version}`,
    );
  }
  return { before, decision: decision.recorded, orderId, story };
};

const assessmentIn = (recorded: RecordedEvent): RiskAssessed => {
  const event = decode(recorded);
  if (event.type !== 'RiskAssessed')
    throw new EventStoreCorrupt(`event ${recorded.id} is no assessment`);
  return event.data;
};

/** Makes a past decision again over what was recorded, and tells it line by line. */
export const explainTrade =
  (options: ExplainOptions): Handler<'ExplainTrade'> =>
  async ({ audit_event_id: id, detail, min_position: minPosition }) => {
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
      as_of_position: `${options.logPosition()}`,
    };
    if (found === undefined) {
      const sources = { ...options, locate: options.locateFinding };
      const finding = await findingEvent(sources, id);
      if (finding !== undefined)
        return accepted({ ...(await explainFinding(finding, sources)), ...common });
      const stream = await options.locateStory(id);
      const told =
        stream && (await explainEvent({ stream, id, detail: detail ?? 'note' }, options));
      if (told !== undefined) return accepted({ ...told, ...common });
      return refused(
        'UNKNOWN_DECISION',
        'Nothing in the log has this id.',
        'Give the id of an event, a decision, an order, a halt, a request or a session; audit.recent_events lists them.',
      );
    }
    const { before, decision, orderId, story } = await replay(options, found.stream, found.version);
    const recorded = assessmentIn(decision);
    const again = reExecute(recorded, before, options.digest);
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
      headline: headlineOf(recorded, story),
      narrative: [
        ...narrate(
          {
            id: decision.id,
            data: recorded,
            by: askedBy(decision.metadata),
            full: detail === 'full',
          },
          story,
        ),
      ],
      source: recorded.facts.quote?.source ?? null,
      ...common,
    });
  };
