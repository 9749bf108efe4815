import type {
  AppendResult,
  EventId,
  EventStore,
  Json,
  LogPosition,
  NewEvent,
  RecordedEvent,
  StreamName,
} from '@sentinel/contracts/kernel';
import { streamName } from '@sentinel/contracts/kernel';
import { newId } from '../../runtime/ids.ts';

export const metadata = {
  principal: 'local:tester',
  client: 'contract-tests 1',
  tool: 'tests',
  correlationId: '01923456-789a-7bcd-8f01-23456789abcd',
  causationId: '01923456-789a-7bcd-8f01-23456789abce',
};

/** A stream that nothing has been written to. */
export const freshStream = (): StreamName => streamName('contract', newId());

export const sampleEvent = (data: Json = { n: 1 }, type = 'SampleTaken'): NewEvent => ({
  id: newId() as EventId,
  type,
  schemaVersion: 1,
  data,
  metadata,
});

export const sampleEvents = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, n) => sampleEvent({ n }));

/** The refusal's class name, or the result: for tables of outcomes. */
export const outcomeOf = async (append: Promise<AppendResult>): Promise<string | AppendResult> =>
  append.catch((error: unknown) => (error instanceof Error ? error.name : String(error)));

/** Everything behind `after`, page by page. */
export const readBehind = async (
  store: EventStore,
  after: LogPosition,
): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (let logPosition = after; ; ) {
    const page = await store.readAll({ after: logPosition, maxCount: 1_000 });
    events.push(...page);
    const last = page.at(-1);
    if (last === undefined) return events;
    logPosition = last.logPosition;
  }
};

/** Follows from `after` until `until` says that it has seen enough. */
export const follow = async (
  store: EventStore,
  after: LogPosition,
  until: (seen: readonly RecordedEvent[]) => boolean,
): Promise<readonly RecordedEvent[]> => {
  const seen: RecordedEvent[] = [];
  const enough = new AbortController();
  for await (const { events } of store.subscribeToAll(after, enough.signal)) {
    seen.push(...events);
    if (until(seen)) enough.abort();
  }
  return seen;
};

export const present = <Value>(value: Value | undefined): Value => {
  if (value === undefined) throw new Error('there is nothing here');
  return value;
};
