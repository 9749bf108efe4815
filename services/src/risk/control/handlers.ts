import type { Handlers } from '@sentinel/contracts';
import type { Approvals } from '@sentinel/contracts/governance';
import {
  type ApprovalRequestId,
  accepted,
  canonicalJson,
  type Digest,
  type EventMetadata,
  type HaltId,
  type LogPosition,
  type NewId,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import { tickerArgument } from '@sentinel/contracts/market';
import { type Halt, type HaltScope, releaseRequestSchema } from '@sentinel/contracts/risk';
import type { ControlCommand } from './commands.ts';
import type { Control, ControlOutcome } from './control.ts';
import { pendingRelease } from './decider.ts';
import { covers, findHalt, type HaltTarget } from './state.ts';

/** How long a human has to answer a release request. */
const requestLifetimeMinutes = 15;

/** Changes the control stream, and brings the sessions that it concerns in line before it returns. */
export type ControlChanges = {
  /** Once it returns the halt stands in every open session that it covers. */
  readonly engage: (halt: Halt, metadata: EventMetadata) => Promise<ControlOutcome>;
  readonly change: (
    command: Extract<ControlCommand, { type: 'ReleaseHalt' | 'ReleaseSuspension' | 'AdoptLimits' }>,
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

type HaltArguments = { readonly scope: HaltScope; readonly target?: string | undefined };

/**
 * A halt of everything or of an account has no target, the others must name one; a symbol is brought to
 * its one spelling. All but a global one hold for `account` alone.
 */
const targetOf = ({ scope, target }: HaltArguments, account: string): Outcome<HaltTarget> => {
  if (scope === 'global' || scope === 'account') {
    const covered = scope === 'global' ? {} : { account };
    return target === undefined
      ? accepted({ scope, target: null, ...covered })
      : refused(
          'INVALID_ARGUMENT',
          `A halt of scope ${scope} has no target.`,
          'Leave `target` out, or choose scope strategy or symbol.',
        );
  }
  if (target === undefined) {
    return refused(
      'INVALID_ARGUMENT',
      `A ${scope} halt needs a target.`,
      `Give the ${scope} as \`target\`.`,
    );
  }
  if (scope === 'strategy') return accepted({ scope, target, account });
  const symbol = tickerArgument.safeParse(target);
  return symbol.success
    ? accepted({ scope, target: symbol.data, account })
    : refused(
        'INVALID_ARGUMENT',
        'The target is not a ticker.',
        'Give a ticker such as NVDA in plain ASCII letters.',
      );
};

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
  },
): Handlers<'EngageHalt' | 'RequestHaltRelease'> => {
  const { control, changes, newId, now, account } = options;
  return {
    EngageHalt: async (input, { metadata }) => {
      const of = targetOf(input, account);
      if (!of.ok) return of;
      const halt = {
        ...of.value,
        haltId: newId() as HaltId,
        reason: input.reason,
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
        how_to_approve: `A human runs \`npm run approve -- ${pending.requestId}\` at the machine that Sentinel runs on. The halt holds until then.`,
        log_position: logPositionText(logPosition),
      });
    },
  };
};

/** The release path for humans. It is no tool: the model cannot reach it. */
export const releaseApprovals = (
  options: ControlHandlersOptions & { readonly digest: Digest },
): Approvals => {
  const { control, changes, now, digest } = options;
  const find: Approvals['find'] = async (requestId) => {
    const request = (await control.load()).releaseRequests.get(requestId as ApprovalRequestId);
    if (request === undefined) return undefined;
    const asked = releaseRequestSchema.encode(request);
    return { kind: 'halt_release', request: asked, digest: digest(canonicalJson(asked)) };
  };
  return {
    find,
    approve: async ({ requestId, digest: named, approvedBy }, metadata) => {
      const found = await find(requestId);
      if (found !== undefined && found.digest !== named) {
        return refused(
          'REQUEST_CHANGED',
          'The approval names another request than the one recorded.',
          'Read the request again and approve that.',
        );
      }
      const outcome = await changes.change(
        {
          type: 'ReleaseHalt',
          requestId: requestId as ApprovalRequestId,
          releasedBy: approvedBy,
          at: now(),
        },
        metadata,
      );
      if (!outcome.ok) return outcome;
      return accepted({
        logPosition: logPositionText(outcome.value.logPosition),
        outcome: 'The halt is released.',
      });
    },
  };
};
