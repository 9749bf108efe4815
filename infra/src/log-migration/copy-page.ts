import type { ExpectedVersion, NewEvent, RecordedEvent } from '@sentinel/contracts/kernel';
import type { LogEnd } from './log-end.ts';
import { asWritten } from './log-end.ts';

/** Neighbours of one stream, which go in one append. */
type Run = { readonly events: RecordedEvent[]; bytes: number };

/** Well within what one append may hold. */
const runBytes = 512 * 1024;
/** Well within what a store writes as one batch, so that a cut leaves all of it or nothing. */
const groupBytes = 2 * 1024 * 1024;

const runsOf = (page: readonly RecordedEvent[]): readonly Run[] => {
  const runs: Run[] = [];
  for (const event of page) {
    const bytes = Buffer.byteLength(asWritten(event));
    const run = runs.at(-1);
    if (run?.events[0]?.stream === event.stream && run.bytes + bytes <= runBytes) {
      run.events.push(event);
      run.bytes += bytes;
    } else runs.push({ events: [event], bytes });
  }
  return runs;
};

const groupsOf = (runs: readonly Run[], inOrder: boolean): readonly (readonly Run[])[] => {
  const groups: Run[][] = [];
  let bytes = 0;
  for (const run of runs) {
    const group = groups.at(-1);
    const joins = inOrder && group !== undefined && bytes + run.bytes <= groupBytes;
    bytes = joins ? bytes + run.bytes : run.bytes;
    if (joins) group.push(run);
    else groups.push([run]);
  }
  return groups;
};

const copied = ({
  id,
  type,
  schemaVersion,
  data,
  metadata,
  recordedAt,
}: RecordedEvent): NewEvent => ({
  id,
  type,
  schemaVersion,
  data,
  metadata,
  recordedAt,
});

const append = async ({ store }: LogEnd, { events }: Run): Promise<void> => {
  const [first] = events;
  if (first === undefined) return;
  const expected = (first.version === 0n ? 'no-stream' : first.version - 1n) as ExpectedVersion;
  await store.appendToStream(first.stream, events.map(copied), expected);
};

/** Appends a page of the source in its order, each event where it stood in its stream. */
export const copyPage = async (target: LogEnd, page: readonly RecordedEvent[]): Promise<void> => {
  for (const group of groupsOf(runsOf(page), target.inOrder))
    await Promise.all(group.map((run) => append(target, run)));
};
