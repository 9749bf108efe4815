import type { OutputOf } from '@sentinel/contracts';
import type {
  EventId,
  EventStore,
  RecordedEvent,
  StreamName,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import { readPages } from '../kernel/index.ts';
import { askedBy } from './asked-by.ts';
import type { Line } from './story-line.ts';

type Explained = Pick<
  OutputOf<'ExplainTrade'>,
  'decision_id' | 'order_id' | 're_executed' | 'evidence' | 'headline' | 'narrative' | 'source'
>;

export type EventSources = {
  readonly eventStore: EventStore;
  /** What an event says, in one line. */
  readonly sayEvent: (recorded: RecordedEvent) => string;
};

/** Events told one by one of a story: of a longer one its beginning and its end. */
const mostTold = { note: 12, full: 100 } as const;
/** Characters told of somebody's words. */
const mostWords = 300;

type Said = Readonly<Record<string, unknown>>;
/** An event of the stream, as far as stories are put together by it. */
type Entry = { readonly version: StreamVersion; readonly ids: readonly string[] };

/** The members by which events of one story name the same thing. */
const naming = ['haltId', 'requestId', 'orderId', 'windDownId', 'runId', 'session'];
/** In these streams every event is of one thing, or of one thing for each symbol. */
const namingIn = { 'strategy-': 'strategyId', 'watchlist-': 'symbol' } as const;

const idsOf = ({ id, stream, type, data }: RecordedEvent): readonly string[] => {
  const said = data as Said;
  const own = Object.entries(namingIn).flatMap(([of, member]) =>
    stream.startsWith(of) ? [member] : [],
  );
  const isOfThing =
    type === 'ApprovalRequested' && ['order', 'halt_release'].includes(`${said.kind}`);
  const members = [...naming, ...own, ...(isOfThing ? ['subject'] : [])];
  return [id, ...members.map((member) => said[member]).filter((each) => typeof each === 'string')];
};

const isOfOrder = ({ type, data }: RecordedEvent): boolean =>
  type === 'RiskAssessed' || 'orderId' in (data as Said);

/** What belongs to an id, by all that its events name: an answer to its request, and that to its halt. */
const storyOf = (entries: readonly Entry[], id: string): readonly Entry[] => {
  const known = new Set([id]);
  let found: readonly Entry[] = [];
  for (;;) {
    const next = entries.filter(({ ids }) => ids.some((each) => known.has(each)));
    if (next.length === found.length) return found;
    found = next;
    for (const { ids } of next) for (const each of ids) known.add(each);
  }
};

const wordsOf = ({ data }: RecordedEvent): string | undefined => {
  const { reason, givenReason, notes } = data as Said;
  const words = [reason, givenReason, notes].find((each) => typeof each === 'string');
  return words === undefined || words === '' ? undefined : (words as string).slice(0, mostWords);
};

const lineOf = (recorded: RecordedEvent, { sayEvent }: EventSources): Line => {
  const said = sayEvent(recorded);
  const words = wordsOf(recorded);
  const given =
    words === undefined || said.includes(words)
      ? ''
      : ` The words with it: ${JSON.stringify(words)}.`;
  return {
    text: `At ${recorded.recordedAt}, ${askedBy(recorded.metadata)}: ${said}.${given}`,
    event_id: recorded.id,
  };
};

const readStory = async (
  { eventStore }: EventSources,
  stream: StreamName,
  id: string,
): Promise<{
  readonly story: readonly Entry[];
  readonly orders: number;
  readonly last: string;
}> => {
  const entries: Entry[] = [];
  const outline: Entry[] = [];
  let orders = 0;
  let last = '';
  for await (const page of readPages(eventStore, stream))
    for (const recorded of page) {
      const entry = { version: recorded.version, ids: idsOf(recorded) };
      entries.push(entry);
      if (!isOfOrder(recorded)) outline.push(entry);
      if (recorded.type === 'OrderSubmitted') orders += 1;
      last = recorded.type;
    }
  // A session is told by what is not of its orders: each of those has a story of its own.
  return { story: id === stream ? outline : storyOf(entries, id), orders, last };
};

const ends = (story: readonly Entry[], id: string, most: number): readonly Entry[] => {
  if (story.length <= most) return story;
  const told = new Set([...story.slice(0, most / 2), ...story.slice(-most / 2)]);
  return story.filter((entry) => told.has(entry) || entry.ids[0] === id);
};

/** Tells what no rule decided: a halt, an answer of a human, a session, or any other event, with its story. */
export const explainEvent = async (
  { stream, id, detail }: { stream: StreamName; id: string; detail: keyof typeof mostTold },
  sources: EventSources,
): Promise<Explained | undefined> => {
  const { story, orders, last } = await readStory(sources, stream, id);
  const told: RecordedEvent[] = [];
  for (const { version: from } of ends(story, id, mostTold[detail]))
    told.push(...(await sources.eventStore.readStream(stream, { from, maxCount: 1 })));
  const asked = told.find((each) => each.id === id) ?? told[0];
  const newest = told.at(-1);
  if (asked === undefined || newest === undefined) return undefined;
  const left = story.length - told.length;
  const whole =
    id === stream
      ? `${stream}, ${last === 'SessionClosed' ? 'closed' : 'open'}, with ${orders} orders submitted: `
      : '';
  const then = newest === asked ? '' : `; last: ${sources.sayEvent(newest)}`;
  const lines = told.map((each) => lineOf(each, sources));
  const omitted = {
    text: `${left} events between are left out${detail === 'note' ? '; detail full tells more' : ''}.`,
    event_id: asked.id as EventId,
  };
  return {
    decision_id: asked.id,
    order_id: ((asked.data as Said).orderId as string | undefined) ?? null,
    re_executed: nothingAgain,
    evidence: [],
    headline: `${whole}${sources.sayEvent(asked)}${then}.`,
    narrative: left === 0 ? lines : [...lines, omitted],
    source: null,
  };
};

/** No rule decided it: there is nothing to make again. */
const nothingAgain: Explained['re_executed'] = {
  result: 'not_re_executable',
  recorded_inputs_digest: null,
  recomputed_inputs_digest: null,
  recorded_result_digest: null,
  recomputed_result_digest: null,
  same_code: false,
  recorded_code_digest: null,
  policy_version: null,
  limits_version: null,
  differences: [],
};
