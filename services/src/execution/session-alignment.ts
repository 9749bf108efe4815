import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import type { Control } from '../risk/index.ts';
import type { SessionStore } from './session-store.ts';

/**
 * Brings one open session in line with the control stream: halts engaged and released, limits
 * adopted. Once it returns, what stood in `control` when it was called holds for every later append.
 */
export const alignSession = async (
  {
    store,
    control,
    now,
  }: {
    readonly store: SessionStore;
    readonly control: Control;
    readonly now: () => Temporal.Instant;
  },
  stream: StreamName,
  metadata: EventMetadata,
): Promise<void> => {
  // Both are read afresh: another process may have opened the session or engaged the halt.
  const { state } = await store.refresh(stream);
  const { halts, limits } = await control.refresh();
  if (state.phase !== 'open') return;
  const known = new Set(state.halts.map(({ haltId }) => haltId));
  for (const halt of halts.filter(({ haltId }) => !known.has(haltId))) {
    await store.insist(stream, { type: 'EngageHalt', halt }, metadata);
  }
  const inForce = new Set(halts.map(({ haltId }) => haltId));
  for (const { haltId } of state.halts.filter((halt) => !inForce.has(halt.haltId))) {
    const released = await control.release(haltId);
    await store.insist(stream, { type: 'ReleaseHalt', haltId, ...released }, metadata);
  }
  if (limits !== null && limits.version > state.limits.version) {
    await store.insist(stream, { type: 'AdoptLimits', document: limits, at: now() }, metadata);
  }
};
