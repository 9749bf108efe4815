import {
  boundedCache,
  type EventStore,
  type RecordedEvent,
  type StreamName,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import { readGently } from '../../kernel/index.ts';

type Read<State> = {
  readonly state: State;
  readonly next: StreamVersion;
  readonly isClosed: boolean;
};

/** What sessions come to, each read from where the last read of it ended; one that is closed has nothing more to tell. */
export const following = <State>(
  eventStore: Pick<EventStore, 'readStream'>,
  told: {
    /** How many sessions are kept. */
    readonly capacity: number;
    readonly initial: State;
    readonly evolve: (state: State, page: readonly RecordedEvent[]) => State;
    /** Taken after each page: a long session is not read at once. */
    readonly rest?: (() => Promise<void>) | undefined;
  },
): ((stream: StreamName) => Promise<State>) => {
  const known = boundedCache<StreamName, Read<State>>(told.capacity);
  const unread: Read<State> = { state: told.initial, next: 0n as StreamVersion, isClosed: false };
  return async (stream) => {
    let read = known.get(stream) ?? unread;
    if (read.isClosed) return read.state;
    for await (const page of readGently(eventStore, stream, read.next)) {
      read = {
        state: told.evolve(read.state, page),
        next: (read.next + BigInt(page.length)) as StreamVersion,
        isClosed: page.some(({ type }) => type === 'SessionClosed'),
      };
      await told.rest?.();
    }
    known.set(stream, read);
    return read.state;
  };
};
