import type { Handlers } from '@sentinel/contracts';
import {
  type ApprovalRequestId,
  accepted,
  canonicalJson,
  type Digest,
  type EventId,
  type EventMetadata,
  type HaltId,
  type NewId,
  type Outcome,
  type Position,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import { tickerArgument } from '@sentinel/contracts/market';
import {
  type HaltScope,
  type ReleaseRequest,
  releaseRequestSchema,
} from '@sentinel/contracts/risk';
import type { Control } from './control.ts';
import { findHalt } from './state.ts';

/** How long a human has to answer a release request. */
const requestLifetimeMinutes = 15;

export type ControlHandlersOptions = {
  readonly control: Control;
  /** Says that nobody knows what stands in `control`: orders wait until an alignment has succeeded. */
  readonly doubt: () => void;
  /** Brings every open session in line with the control stream. */
  readonly align: (metadata: EventMetadata) => Promise<void>;
  readonly newId: NewId;
  /** Wall clock: halts and approvals concern people, whatever hour the market's replay is at. */
  readonly now: () => Temporal.Instant;
};

/**
 * Changes what holds for every session, and brings them in line. When either fails, its outcome is
 * not known, and orders wait until it is.
 */
const changing =
  ({ control, doubt, align }: ControlHandlersOptions): Control['execute'] =>
  async (command, metadata) => {
    try {
      const outcome = await control.execute(command, metadata);
      if (outcome.ok) await align(metadata);
      return outcome;
    } catch (error) {
      doubt();
      throw error;
    }
  };

type Target = { readonly scope: HaltScope; readonly target: string | null };

/** A global halt has no target, the others must name one; a symbol is brought to its one spelling. */
const targetOf = (scope: HaltScope, target: string | undefined): Outcome<Target> => {
  if (scope === 'global') {
    return target === undefined
      ? accepted({ scope, target: null })
      : refused(
          'INVALID_ARGUMENT',
          'A global halt has no target.',
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
  if (scope === 'strategy') return accepted({ scope, target });
  const symbol = tickerArgument.safeParse(target);
  return symbol.success
    ? accepted({ scope, target: symbol.data })
    : refused(
        'INVALID_ARGUMENT',
        'The target is not a ticker.',
        'Give a ticker such as NVDA in plain ASCII letters.',
      );
};

const positionText = (position: Position | undefined): string => `${position ?? 0n}`;

export const controlHandlers = (
  options: ControlHandlersOptions,
): Handlers<'EngageHalt' | 'RequestHaltRelease'> => {
  const { newId, now } = options;
  const change = changing(options);
  return {
    EngageHalt: async (input, { metadata }) => {
      const at = targetOf(input.scope, input.target);
      if (!at.ok) return at;
      const haltId = newId() as HaltId;
      const halt = {
        haltId,
        ...at.value,
        reason: input.reason,
        engagedBy: metadata.principal,
        engagedAt: now(),
      };
      // It is acknowledged once every open session carries it, so that no append can pass it by.
      const outcome = await change({ type: 'EngageHalt', halt }, metadata);
      if (!outcome.ok) return outcome;
      const standing = findHalt(outcome.value.state, at.value.scope, at.value.target);
      return accepted({
        halt_id: standing?.haltId ?? haltId,
        ...at.value,
        already_engaged: outcome.value.events.length === 0,
        trading_state:
          at.value.scope === 'global' ||
          outcome.value.state.halts.some(({ scope }) => scope === 'global')
            ? 'REDUCING'
            : 'ACTIVE',
        log_position: positionText(outcome.value.position),
      });
    },
    RequestHaltRelease: async (input, { metadata }) => {
      const at = targetOf(input.scope, input.target);
      if (!at.ok) return at;
      const requestId = newId() as ApprovalRequestId;
      const requestedAt = now();
      const request = {
        requestId,
        reason: input.reason,
        requestedBy: metadata.principal,
        requestedAt,
        expiresAt: requestedAt.add({ minutes: requestLifetimeMinutes }),
      };
      const outcome = await options.control.execute(
        { type: 'RequestRelease', request, ...at.value },
        metadata,
      );
      if (!outcome.ok) return outcome;
      return accepted({
        status: 'approval_required',
        request_id: requestId,
        event_id: (outcome.value.events[0] as { readonly id: EventId }).id,
        expires_at: request.expiresAt,
        how_to_approve: `A human runs \`npm run approve -- ${requestId}\` at the machine that Sentinel runs on. The halt holds until then.`,
        log_position: positionText(outcome.value.position),
      });
    },
  };
};

/** The release path for humans. It is no tool: the model cannot reach it. */
export type Approvals = {
  /** The request, with the digest that an approval must name; undefined when there is none. */
  readonly find: (
    requestId: string,
  ) => Promise<{ readonly request: ReleaseRequest; readonly digest: Sha256 } | undefined>;
  readonly approve: (
    approval: { readonly requestId: string; readonly digest: string; readonly approvedBy: string },
    metadata: EventMetadata,
  ) => Promise<Outcome<{ readonly position: string }>>;
};

export const releaseApprovals = (
  options: ControlHandlersOptions & { readonly digest: Digest },
): Approvals => {
  const { control, now, digest } = options;
  const change = changing(options);
  const find: Approvals['find'] = async (requestId) => {
    const request = (await control.load()).releaseRequests.get(requestId as ApprovalRequestId);
    if (request === undefined) return undefined;
    return { request, digest: digest(canonicalJson(releaseRequestSchema.encode(request))) };
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
      const outcome = await change(
        {
          type: 'ReleaseHalt',
          requestId: requestId as ApprovalRequestId,
          releasedBy: approvedBy,
          at: now(),
        },
        metadata,
      );
      if (!outcome.ok) return outcome;
      return accepted({ position: positionText(outcome.value.position) });
    },
  };
};
