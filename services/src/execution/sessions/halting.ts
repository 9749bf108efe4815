import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import type { Halt } from '@sentinel/contracts/risk';
import type { Fence } from '../../kernel/index.ts';
import {
  type Control,
  type ControlCommand,
  type ControlOutcome,
  covers,
  findHalt,
  haltsOf,
  limitsInForce,
  openSessionsOf,
  type SessionName,
} from '../../risk/index.ts';
import type { SessionStore } from './session-store.ts';

/** Brings what stands in the control stream into every open session that it concerns. */
export type Halting = {
  /**
   * Engages a halt in the control stream and in every open session that it covers, at the same time.
   * Once it returns, no append to any of them can pass it by.
   */
  readonly engage: (halt: Halt, metadata: EventMetadata) => Promise<ControlOutcome>;
  /** Changes the control stream, then the sessions. */
  readonly change: (
    command: Extract<
      ControlCommand,
      { type: 'ReleaseHalt' | 'ReleaseSuspension' | 'AdoptLimits' | 'AnswerLimits' }
    >,
    metadata: EventMetadata,
  ) => Promise<ControlOutcome>;
  /** Brings one session in line; one that does not exist yet is left to whoever opens it. */
  readonly align: (session: SessionName, metadata: EventMetadata) => Promise<void>;
  readonly alignAll: (metadata: EventMetadata) => Promise<void>;
  /**
   * Returns at once, unless a change failed and nobody knows whether it stands: then it aligns every
   * open session first, and fails when that fails.
   */
  readonly certain: (metadata: EventMetadata) => Promise<void>;
  /** The same, with the same doubts, for one who may lose the right to send commands. */
  readonly under: (fence: Fence) => Halting;
};

export const haltingOf = (options: {
  readonly store: SessionStore;
  readonly control: Control;
  /** The market's clock. */
  readonly now: () => Temporal.Instant;
  /** Changes of which nobody knows whether they stand, in common with whoever else is given them. */
  readonly doubts?: { count: number };
}): Halting => {
  const { store, control, now, doubts = { count: 0 } } = options;

  const align = async ({ stream, account }: SessionName, metadata: EventMetadata) => {
    // Both are read afresh: another process may have opened the session or engaged the halt.
    const { state } = await store.refresh(stream);
    const wanted = await control.refresh();
    if (state.phase === 'unopened' || state.phase === 'closed') return;
    const known = new Set(state.halts.map(({ haltId }) => haltId));
    for (const halt of haltsOf(wanted, account).filter(({ haltId }) => !known.has(haltId)))
      await store.insist(stream, { type: 'EngageHalt', halt }, metadata);
    const inForce = new Set(wanted.halts.map(({ haltId }) => haltId));
    for (const halt of state.halts.filter(({ haltId }) => !inForce.has(haltId))) {
      const released = wanted.released.get(halt.haltId);
      if (released !== undefined) {
        const { haltId, requestId, releasedBy, releasedAt: at } = released;
        const command = { type: 'ReleaseHalt', haltId, requestId, releasedBy, at } as const;
        await store.insist(stream, command, metadata);
        // The session's own copy came first and the process ended there: a halt is a halt.
      } else if (findHalt(wanted.halts, halt) === undefined)
        await control.execute({ type: 'EngageHalt', halt }, metadata);
    }
    const document = limitsInForce(wanted, account);
    if (document.version > state.limits.version)
      await store.insist(stream, { type: 'AdoptLimits', document, at: now() }, metadata);
  };

  const alignAll = async (metadata: EventMetadata) => {
    const settled = doubts.count;
    const sessions = openSessionsOf(await control.refresh());
    await Promise.all(sessions.map((session) => align(session, metadata)));
    // A doubt that arose meanwhile is not settled by what was read before it.
    if (doubts.count === settled) doubts.count = 0;
  };

  const engage: Halting['engage'] = async (halt, metadata) => {
    const isCovered = ({ account }: SessionName) => covers(halt, account);
    const before = openSessionsOf(await control.load()).filter(isCovered);
    const told = new Set<StreamName>();
    const tell = async ({ stream }: SessionName) => {
      const outcome = await store.execute(stream, { type: 'EngageHalt', halt }, metadata);
      if (outcome.ok) told.add(stream);
    };
    const [outcome] = await Promise.all([
      control.execute({ type: 'EngageHalt', halt }, metadata),
      ...before.map(tell),
    ]);
    if (!outcome.ok) return outcome;
    const { state } = outcome.value;
    const isOurs = findHalt(state.halts, halt)?.haltId === halt.haltId;
    // Those that were opened meanwhile; or all, where the halt stood already under another id.
    const left = openSessionsOf(state).filter(
      (session) => isCovered(session) && !(isOurs && told.has(session.stream)),
    );
    await Promise.all(left.map((session) => align(session, metadata)));
    return outcome;
  };

  const doubting = async <Value>(task: () => Promise<Value>): Promise<Value> => {
    try {
      return await task();
    } catch (error) {
      doubts.count += 1;
      throw error;
    }
  };

  return {
    align,
    alignAll,
    engage: (halt, metadata) => doubting(() => engage(halt, metadata)),
    change: (command, metadata) =>
      doubting(async () => {
        const outcome = await control.execute(command, metadata);
        if (outcome.ok && outcome.value.events.length > 0) await alignAll(metadata);
        return outcome;
      }),
    certain: async (metadata) => {
      if (doubts.count > 0) await alignAll(metadata);
    },
    under: (fence) =>
      haltingOf({ ...options, doubts, store: store.under(fence), control: control.under(fence) }),
  };
};
