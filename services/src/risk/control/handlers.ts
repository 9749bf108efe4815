import type { Handlers } from '@sentinel/contracts';
import {
  type ApprovalRequestId,
  accepted,
  type EventMetadata,
  type HaltId,
  type LogPosition,
  type NewId,
} from '@sentinel/contracts/kernel';
import type { Halt } from '@sentinel/contracts/risk';
import type { ControlCommand } from './commands.ts';
import type { Control, ControlOutcome } from './control.ts';
import { pendingRelease } from './decider.ts';
import { targetOf, unknownStrategy } from './halt-target.ts';
import { covers, findHalt } from './state.ts';

/** How long a human has to answer a release request. */
const requestLifetimeMinutes = 15;

/** Changes the control stream, and brings the sessions that it concerns in line before it returns. */
export type ControlChanges = {
  /** Once it returns the halt stands in every open session that it covers. */
  readonly engage: (halt: Halt, metadata: EventMetadata) => Promise<ControlOutcome>;
  readonly change: (
    command: Extract<
      ControlCommand,
      { type: 'ReleaseHalt' | 'ReleaseSuspension' | 'AdoptLimits' | 'AnswerLimits' }
    >,
    metadata: EventMetadata,
  ) => Promise<ControlOutcome>;
};

export type ControlHandlersOptions = {
  readonly control: Control;
  readonly changes: ControlChanges;
  readonly newId: NewId;
  /** Wall clock: halts and approvals concern people, whatever hour the market's replay is at. */
  readonly now: () => Temporal.Instant;
};

const noReason = 'No reason was given.';

const logPositionText = (logPosition: LogPosition | undefined): string => `${logPosition ?? 0n}`;

/** Whether anything but exits trades in an account under these halts. */
const isReducingOnly = (halts: readonly Halt[], account: string): boolean =>
  halts.some(
    (halt) => (halt.scope === 'global' || halt.scope === 'account') && covers(halt, account),
  );

export const controlHandlers = (
  options: ControlHandlersOptions & {
    /** The account for which its callers speak. */
    readonly account: string;
    readonly howToApprove: string;
    /** The ids of all strategies; absent where none are known, and then any name is taken. */
    readonly strategies?: (() => Promise<readonly string[] | undefined>) | undefined;
  },
): Handlers<'EngageHalt' | 'RequestHaltRelease'> => {
  const { control, changes, newId, now, account } = options;
  return {
    EngageHalt: async (input, { metadata }) => {
      const of = targetOf(input, account);
      if (!of.ok) return of;
      const unknown = await unknownStrategy(of.value, options.strategies);
      if (unknown !== undefined) return unknown;
      const halt = {
        ...of.value,
        haltId: newId() as HaltId,
        reason: input.reason ?? noReason,
        engagedBy: metadata.principal,
        engagedAt: now(),
      };
      const outcome = await changes.engage(halt, metadata);
      if (!outcome.ok) return outcome;
      const { state, logPosition } = outcome.value;
      const standing = findHalt(state.halts, of.value);
      const { scope, target } = of.value;
      return accepted({
        halt_id: standing?.haltId ?? halt.haltId,
        scope,
        target,
        already_engaged: standing !== undefined && standing.haltId !== halt.haltId,
        trading_state: isReducingOnly(state.halts, account) ? 'REDUCING' : 'ACTIVE',
        log_position: logPositionText(logPosition),
      });
    },
    RequestHaltRelease: async (input, { metadata }) => {
      const of = targetOf(input, account);
      if (!of.ok) return of;
      const requestedAt = now();
      const request = {
        requestId: newId() as ApprovalRequestId,
        reason: input.reason,
        requestedBy: metadata.principal,
        requestedAt,
        expiresAt: requestedAt.add({ minutes: requestLifetimeMinutes }),
      };
      const command = { type: 'RequestRelease', request, of: of.value } as const;
      const outcome = await control.execute(command, metadata);
      if (!outcome.ok) return outcome;
      const { state, logPosition } = outcome.value;
      const halt = findHalt(state.halts, of.value);
      const pending = halt === undefined ? undefined : pendingRelease(state, halt, request);
      if (pending === undefined) throw new Error('a release was asked for and is not pending');
      return accepted({
        status: 'approval_required',
        request_id: pending.requestId,
        event_id: outcome.value.events[0]?.id ?? null,
        expires_at: pending.expiresAt,
        how_to_approve: `${options.howToApprove} The halt holds until then.`,
        log_position: logPositionText(logPosition),
      });
    },
  };
};
