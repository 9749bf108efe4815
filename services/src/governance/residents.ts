import { lifecyclePath } from '@sentinel/contracts/governance';
import {
  type EventMetadata,
  millisecondsBetween,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { Fence, Workflow, WorkflowStep } from '../kernel/index.ts';
import type { StrategyBook } from './book.ts';
import type { EvidenceGathering } from './evidence.ts';
import { pendingRequest } from './lifecycle/rules.ts';
import { mayEndTrade } from './record/holders.ts';
import type { Stopping } from './stopping.ts';

export type GovernanceResidentsOptions = {
  readonly evidence: Pick<EvidenceGathering, 'drift'>;
  /** What sends commands, under the fence of a step. */
  readonly under: (fence: Fence) => { readonly book: StrategyBook; readonly stopping: Stopping };
  /** Strategies whose trades may have ended in this session; none of one long past. */
  readonly tradedIn: (session: StreamName) => Promise<ReadonlySet<string>>;
  /** Reads what sessions came to, as far as it gets; whether all of it is read. */
  readonly catchUp: (signal: AbortSignal) => Promise<boolean>;
  readonly now: () => Temporal.Instant;
  readonly metadata: (workflow: string) => EventMetadata;
  /** The house has suspended this strategy by itself. */
  readonly onDrift: (strategyId: string) => void;
};

/** The wall clock may jump, and a machine sleeps: a long wait is looked at now and then. */
const lookEveryMs = 10_000;

const prefix = 'strategy-';
const wakes: ReadonlySet<string> = new Set([
  'StrategyPromoted',
  'StrategySuspended',
  'StrategyRetired',
  'PromotionRequested',
]);

/**
 * Keeps the halts of stopped strategies in line with their streams, also when the process that wrote
 * there died before it had told the sessions, and ends the requests that nobody has answered.
 */
const strategiesWorkflow = (options: GovernanceResidentsOptions): Workflow => {
  const { under, now, metadata } = options;
  return {
    name: 'strategies',
    concerns: ({ stream, type }) =>
      stream.startsWith(prefix) && wakes.has(type) ? stream.slice(prefix.length) : undefined,
    step: async ({ key: strategyId, fence }) => {
      const { book, stopping } = under(fence);
      const { state } = await book.refresh(strategyId);
      if (state.phase === 'unknown') return undefined;
      await stopping.align(state, metadata('strategies'));
      if (state.requests.size === 0) return undefined;
      const command = { type: 'ExpireRequests', wall: now() } as const;
      const outcome = await book.execute(strategyId, command, metadata('strategies'));
      if (!outcome.ok || outcome.value.state.phase === 'unknown') return undefined;
      const pending = pendingRequest(outcome.value.state, now());
      if (pending === undefined) return undefined;
      const dueMs = millisecondsBetween(now(), pending.expiresAt);
      return { againMs: Math.max(1, Math.min(lookEveryMs, dueMs)) };
    },
  };
};

/** Fills that come within this moment are looked at together: a look goes over all of the day. */
const gatherMs = 1_000;

/** A long log is read in several steps, none of which may last as long as a step may. */
const readingMs = 20_000;

const trading: ReadonlySet<string> = new Set(lifecyclePath.slice(lifecyclePath.indexOf('paper')));

/**
 * Looks for drift whenever a position was closed, and suspends a strategy whose drift is critical. What
 * cannot be read is tried again and shown as a problem of this workflow: it never reads as no drift.
 */
const driftWorkflow = (options: GovernanceResidentsOptions): Workflow => {
  const { under, evidence, tradedIn, catchUp, metadata, onDrift } = options;
  const look = async (strategyId: string, { idFor, fence }: WorkflowStep) => {
    const { book, stopping } = under(fence);
    const { state } = await book.refresh(strategyId);
    if (state.phase === 'unknown' || !trading.has(state.state)) return;
    const { report } = await evidence.drift(state);
    if (report.level !== 'critical') return;
    const found = report.signals.flatMap(({ code, drifting }) => (drifting ? [code] : []));
    const stopped = await stopping.stop(
      {
        ...({ type: 'Suspend', strategyId, drift: report } as const),
        reason: `critical drift over the last ${report.trades} trades: ${found.join(', ')}`,
        haltId: idFor(state.since, strategyId),
      },
      metadata('drift'),
    );
    if (!stopped.ok) throw new Error(`${stopped.refusal.code}: ${stopped.refusal.message}`);
    if (stopped.value.isNew) onDrift(strategyId);
  };
  return {
    name: 'drift',
    concerns: (event) =>
      event.stream.startsWith('session-') && mayEndTrade(event) ? event.stream : undefined,
    gatherMs,
    step: async (step) => {
      const traded = await tradedIn(step.key as StreamName);
      if (traded.size === 0) return undefined;
      const reading = AbortSignal.any([step.signal, AbortSignal.timeout(readingMs)]);
      if (!(await catchUp(reading))) return { againMs: 1 };
      for (const strategyId of traded) {
        if (step.signal.aborted) return { againMs: 1 };
        await look(strategyId, step);
      }
      return undefined;
    },
  };
};

/** Everything of governance that acts by itself. */
export const governanceResidents = (options: GovernanceResidentsOptions): readonly Workflow[] => [
  strategiesWorkflow(options),
  driftWorkflow(options),
];
