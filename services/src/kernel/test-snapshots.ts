import {
  type EventId,
  type LogPosition,
  type SnapshotStore,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import { memorySnapshotStore } from '@sentinel/infra/snapshot-store';
import { partsOf, stateOf } from './state-parts.ts';
import { isVersionedMap } from './versioned-map.ts';

const stream = streamName('test', 'kept');
const place = {
  version: 0n as StreamVersion,
  logPosition: 1n as LogPosition,
  eventId: '' as EventId,
};

/** The state as it comes out of a store of snapshots, bytes and all. */
export const keptAsSnapshot = async <State>(state: State): Promise<State> => {
  const store: SnapshotStore = memorySnapshotStore({ code: 'test' });
  await store.save(stream, place, partsOf(state));
  const snapshot = await store.load(stream);
  if (snapshot === undefined) throw new Error('what was saved is not there');
  return stateOf<State>(snapshot.parts);
};

/** A state that can be compared: versioned maps, which hide what they hold, as plain ones. */
export const plainState = (state: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(state).map(([name, value]) => [
      name,
      isVersionedMap(value) ? new Map(value.entries()) : value,
    ]),
  );
