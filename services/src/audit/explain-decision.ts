import type { Handler, OutputOf } from '@sentinel/contracts';
import {
  accepted,
  type Digest,
  type EventStore,
  EventStoreCorrupt,
  type LogPosition,
  type OrderId,
  type Outcome,
  type RecordedEvent,
  refused,
  type Sha256,
  type StreamName,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import { type Session, type SessionState, sessionDecider } from '../execution/index.ts';
import { readPages } from '../kernel/index.ts';
import { askedBy } from './asked-by.ts';
import { checkEvidence } from './check-evidence.ts';
import { narrate } from './narrative.ts';
import { headlineOf } from './note.ts';
import { reExecute } from './re-execute.ts';
import { decoded, type OrderStory, readOrderStory, type StorySources } from './read-story.ts';
import { type RoundTrip, type TripsBetween, tripsOf } from './round-trip.ts';
import { storyLines } from './story-note.ts';

/** Where a decision stands in the log. */
export type DecisionPlace = { readonly stream: StreamName; readonly version: StreamVersion };

export type DecisionOptions = StorySources & {
  readonly eventStore: EventStore;
  readonly digest: Digest;
  readonly codeDigest: Sha256;
  /** Where a decision stands, found from an event, decision or order id. */
  readonly locate: (id: string) => Promise<DecisionPlace | undefined>;
  /** The stream in which any other event stands, or what has an id of its own: a halt, a request, a session. */
  readonly locateStory: (id: string) => Promise<StreamName | undefined>;
  /** The round trips of a symbol that held anything in a part of the log, the oldest first. */
  readonly tripsBetween: (between: TripsBetween) => Promise<readonly RoundTrip[]>;
  /** Waits until the views hold this position; false when they do not in time. */
  readonly waitFor: (
    logPosition: NonNullable<Parameters<Handler<'ExplainTrade'>>[0]['min_position']>,
  ) => Promise<boolean>;
};

export const staleView = refused(
  'STALE_VIEW',
  'The index has not come to that position yet.',
  'Try again in a moment.',
);

/** Characters of a whole answer that a note keeps to: 1,200 tokens, less what names the position and the mode. */
const mostCharacters = 4_050;

type Before = {
  /** The session as it stood just before the decision. */
  readonly before: Session;
  readonly decision: RecordedEvent;
};

/** Reads the session up to the decision. */
const foldBefore = async (
  { eventStore, digest }: Pick<DecisionOptions, 'eventStore' | 'digest'>,
  { stream, version }: DecisionPlace,
): Promise<Before> => {
  const { evolve, initialState } = sessionDecider(digest);
  let before: SessionState = initialState;
  for await (const page of readPages(eventStore, stream))
    for (const recorded of page) {
      if (recorded.version < version) before = evolve(before, decoded(recorded));
      else if (before.phase === 'unopened') break;
      else return { before, decision: recorded };
    }
  throw new EventStoreCorrupt(
    `${stream} does not hold the decision that the index names at version ${version}`,
  );
};

const assessmentIn = (recorded: RecordedEvent): RiskAssessed => {
  const event = decoded(recorded);
  if (event.type !== 'RiskAssessed')
    throw new EventStoreCorrupt(`event ${recorded.id} is no assessment`);
  return event.data;
};

/** The story of the order that it decided on; of other terms for an order the whole story of that one. */
const storyOf = async (
  options: DecisionOptions,
  place: DecisionPlace,
  replaces: OrderId | undefined,
): Promise<OrderStory> => {
  if (replaces === undefined) return readOrderStory(options, place);
  const first = await options.locate(replaces);
  if (first !== undefined) return readOrderStory(options, { ...first, orderId: replaces });
  // Others had placed it: no decision of ours stands at its beginning.
  const stream = (await options.locateStory(replaces)) ?? place.stream;
  return readOrderStory(options, { stream, version: undefined, orderId: replaces });
};

type Explained = Omit<OutputOf<'ExplainTrade'>, 'mode' | 'as_of_position'>;

/** A line that says what of the story was not read. */
const goesOnLine = (story: OrderStory) => {
  const last = story.told.at(-1);
  return story.goesOn && last !== undefined
    ? [{ text: 'It works on: later sessions were not read.', event_id: last.id }]
    : [];
};

const proofOf = (recorded: RiskAssessed, before: Session, options: DecisionOptions) => {
  const again = reExecute(recorded, before, options.digest);
  return {
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
  };
};

/** Makes a recorded decision again, and tells it with what became of its order. @throws EventStoreUnavailable */
export const explainDecision = async (
  { place, detail }: { readonly place: DecisionPlace; readonly detail: 'note' | 'full' },
  options: DecisionOptions,
): Promise<Outcome<Explained>> => {
  const { before, decision } = await foldBefore(options, place);
  const assessed = assessmentIn(decision);
  const story = await storyOf(options, place, assessed.replaces);
  const between = tripsOf(story.told, before.account);
  if (between !== undefined && !(await options.waitFor(between.to as LogPosition)))
    return staleView;
  const trips = between === undefined ? [] : await options.tripsBetween(between);
  const told = story.told.filter(({ id }) => id !== decision.id);
  const by = askedBy(decision.metadata);
  const full = detail === 'full';
  const head = narrate({ id: decision.id, data: assessed, by, full });
  const answer = {
    decision_id: assessed.decisionId,
    order_id: story.orders[0] ?? null,
    re_executed: proofOf(assessed, before, options),
    evidence: [...(await checkEvidence(options, assessed.facts))],
    headline: headlineOf({ assessed, told: story.told, orders: story.orders, trips }),
    narrative: [...head, ...goesOnLine(story)],
    source: assessed.facts.quote?.source ?? null,
  };
  const room = full ? undefined : mostCharacters - JSON.stringify(answer).length;
  return accepted({
    ...answer,
    narrative: [...head, ...storyLines(told, story.orders, room), ...goesOnLine(story)],
  });
};
