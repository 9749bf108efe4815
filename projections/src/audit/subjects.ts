import { type ReadStore, type StreamName, z } from '@sentinel/contracts/kernel';
import { codedRow, projection } from '../kernel/index.ts';
import { recentEvents } from './recent-events.ts';

const row = z.strictObject({ stream: z.string() });

/** In which stream the story is told of what has an id of its own and is no decision: where it was first named. */
export const subjects = projection({
  view: 'subjects',
  version: 1,
  row: codedRow(row),
  types: [
    'HaltEngaged',
    'HaltReleaseRequested',
    'ApprovalRequested',
    'PromotionRequested',
    'WindDownRequested',
    'OrderAdopted',
    'SessionOpened',
  ],
  keys: ({ event, recorded }) => {
    switch (event.type) {
      case 'HaltEngaged':
        return [event.data.haltId];
      case 'WindDownRequested':
        return [event.data.windDownId];
      case 'OrderAdopted':
        return [event.data.orderId];
      case 'SessionOpened':
        return [recorded.stream];
      default:
        return [event.data.requestId];
    }
  },
  evolve: (before, { recorded: { stream } }) => before ?? { stream },
  fields: [],
  fieldsOf: () => ({}),
});

/** `session-<account>-<yyyy-mm-dd>`: the account may hold dashes itself. */
const sessionPattern = /^(session-.+-)\d{4}-\d{2}-\d{2}$/;

/** The sessions of an account after one of them, the oldest first, at most `limit` of 500. @throws ViewParked, ReadStoreUnavailable */
export const laterSessions = async (
  readStore: ReadStore,
  stream: StreamName,
  limit: number,
): Promise<readonly StreamName[]> => {
  const [, account] = sessionPattern.exec(stream) ?? [];
  if (account === undefined) throw new RangeError(`${stream} is no session`);
  // Streams of one account stand together: dates sort before the letters of a longer name.
  const { value } = await readStore.find(subjects.view, { cursor: stream, limit });
  return value
    .map(({ key }) => key)
    .filter((key) => sessionPattern.exec(key)?.[1] === account) as StreamName[];
};

/**
 * The stream in which an event stands, or the story of a halt, a request, a wish to wind down, an order of
 * others or a session, by its id; undefined when nothing has it. @throws ViewParked, ReadStoreUnavailable
 */
export const locateStory = async (
  readStore: ReadStore,
  id: string,
): Promise<StreamName | undefined> => {
  const { value: subject } = await readStore.get(subjects.view, id);
  if (subject !== undefined) return subjects.row.parse(subject).stream as StreamName;
  const { value } = await readStore.find(recentEvents.view, { where: { event_id: id }, limit: 1 });
  const found = value[0]?.row;
  return found === undefined ? undefined : (recentEvents.row.parse(found).stream as StreamName);
};
