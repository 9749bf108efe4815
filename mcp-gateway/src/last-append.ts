import { beforeAll, type EventStore, type LogPosition } from '@sentinel/contracts/kernel';

/**
 * The same store, which also remembers how far this process has written. A query that comes after is
 * answered from views folded at least that far, so that whoever acts and then looks sees the act.
 */
export const rememberingLastAppend = (
  eventStore: EventStore,
): { readonly eventStore: EventStore; readonly lastAppend: () => LogPosition } => {
  let last = beforeAll;
  return {
    eventStore: {
      ...eventStore,
      appendToStream: async (stream, events, expected) => {
        const appended = await eventStore.appendToStream(stream, events, expected);
        if (appended.logPosition > last) last = appended.logPosition;
        return appended;
      },
    },
    lastAppend: () => last,
  };
};
