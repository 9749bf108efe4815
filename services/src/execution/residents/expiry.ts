import {
  type EventMetadata,
  millisecondsBetween,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { pendingIn } from '../../approval/index.ts';
import type { Workflow } from '../../kernel/index.ts';
import { controlStream } from '../../risk/index.ts';
import type { Floor } from '../desk.ts';

/** How often it is looked whether the time is over: the wall clock may jump, and a machine sleeps. */
const lookEveryMs = 1_000;

type Stores = ReturnType<Floor['under']> & Pick<Floor, 'now'>;

/** Requests in the control stream that are pending, once those that are overdue have been ended. */
const endInControl = async (
  { control, now }: Stores,
  metadata: EventMetadata,
): Promise<readonly Temporal.Instant[]> => {
  // Whoever asked may be of another process, of which this one has seen nothing.
  await control.refresh();
  const outcome = await control.execute({ type: 'ExpireRequests', at: now() }, metadata);
  if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  const { releaseRequests, requests } = outcome.value.state;
  return [...releaseRequests.values(), ...pendingIn(requests)].map(({ expiresAt }) => expiresAt);
};

/** The same in a session; one that has closed has ended what was asked in it. */
const endInSession = async (
  { store, now }: Stores,
  stream: StreamName,
  metadata: EventMetadata,
): Promise<readonly Temporal.Instant[]> => {
  const { state } = await store.refresh(stream);
  if (state.phase !== 'open' || pendingIn(state.requests).length === 0) return [];
  const ended = await store.execute(stream, { type: 'ExpireProposals', at: now() }, metadata);
  if (!ended.ok) return [];
  const after = ended.value.state;
  return after.phase === 'unopened'
    ? []
    : pendingIn(after.requests).map(({ expiresAt }) => expiresAt);
};

const wakes: ReadonlySet<string> = new Set(['HaltReleaseRequested', 'ApprovalRequested']);

/** Ends what a human has not answered in time, in whichever stream it waits. */
export const expiryWorkflow = (
  { under, now }: Pick<Floor, 'under' | 'now'>,
  metadata: () => EventMetadata,
): Workflow => ({
  name: 'expiry',
  concerns: ({ stream, type }) =>
    wakes.has(type) && (stream === controlStream || stream.startsWith('session-'))
      ? stream
      : undefined,
  keys: () => [controlStream],
  step: async ({ key, fence }) => {
    const stores = { ...under(fence), now };
    const pending =
      key === controlStream
        ? await endInControl(stores, metadata())
        : await endInSession(stores, key as StreamName, metadata());
    if (pending.length === 0) return undefined;
    const due = pending.map((expiresAt) => millisecondsBetween(now(), expiresAt));
    return { againMs: Math.max(1, Math.min(lookEveryMs, ...due)) };
  },
});
