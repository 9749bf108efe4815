import { type EventMetadata, millisecondsBetween } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import { controlStream } from '../../risk/index.ts';
import type { Floor } from '../desk.ts';

/** How often it is looked whether the time is over: the wall clock may jump, and a machine sleeps. */
const lookEveryMs = 1_000;

/** Ends what a human has not answered in time: a request to release a halt. */
export const expiryWorkflow = (
  { under, now }: Pick<Floor, 'under' | 'now'>,
  metadata: () => EventMetadata,
): Workflow => ({
  name: 'expiry',
  concerns: ({ stream, type }) =>
    stream === controlStream && type === 'HaltReleaseRequested' ? controlStream : undefined,
  keys: () => [controlStream],
  step: async ({ fence }) => {
    const { control } = under(fence);
    // Whoever asked may be of another process, of which this one has seen nothing.
    await control.refresh();
    const outcome = await control.execute({ type: 'ExpireRequests', at: now() }, metadata());
    if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
    const pending = [...outcome.value.state.releaseRequests.values()];
    if (pending.length === 0) return undefined;
    const due = pending.map(({ expiresAt }) => millisecondsBetween(now(), expiresAt));
    return { againMs: Math.max(1, Math.min(lookEveryMs, ...due)) };
  },
});
