import type { Handlers } from '@sentinel/contracts';
import type { ApprovalRequest, PendingApproval } from '@sentinel/contracts/approval';
import {
  type ApprovalRequestId,
  accepted,
  canonicalJson,
  type Digest,
  type EventMetadata,
  type NewId,
  type Outcome,
} from '@sentinel/contracts/kernel';
import { type LimitsDocument, type RiskLimits, riskLimitsSchema } from '@sentinel/contracts/risk';
import { samePending } from '../../approval/index.ts';
import { changedLimits, type LimitChange } from './changed-limits.ts';
import type { Control } from './control.ts';
import type { ControlChanges } from './handlers.ts';
import type { LimitDifference } from './limits-adoption.ts';
import { limitsInForce } from './state.ts';

export type LimitsOptions = {
  readonly control: Control;
  readonly changes: Pick<ControlChanges, 'change'>;
  readonly newId: NewId;
  /** Wall clock: limits concern people. */
  readonly now: () => Temporal.Instant;
  readonly digest: Digest;
  readonly account: string;
  readonly howToApprove: string;
};

const requestLifetimeMinutes = 15;
/** Others may change limits at the same time: then it is looked again what is tighter. */
const mostTries = 5;

const limitsDigest = (limits: RiskLimits, digest: Digest) =>
  digest(canonicalJson(riskLimitsSchema.encode(limits)));

const viewOf = ({ limit, inForce, wanted }: LimitDifference) => ({
  limit,
  before: inForce,
  after: wanted,
});

/** Changes limits: what is tighter at once, what is looser when a human says yes. */
export const limitsHandlers = (options: LimitsOptions): Handlers<'SetLimits'> => {
  const { control, changes, newId, now, digest, account, howToApprove } = options;

  const propose = async (
    wanted: RiskLimits,
    { version }: LimitsDocument,
    by: { readonly givenReason: string | null; readonly metadata: EventMetadata },
  ): Promise<Outcome<{ readonly approval: PendingApproval; readonly position: bigint }>> => {
    const requestedAt = now();
    const request: ApprovalRequest = {
      ...({
        requestId: newId() as ApprovalRequestId,
        kind: 'limits',
        subject: `${version}`,
      } as const),
      subjectDigest: limitsDigest(wanted, digest),
      limitsVersion: version,
      givenReason: by.givenReason,
      requestedBy: by.metadata.principal,
      requestedAt,
      expiresAt: requestedAt.add({ minutes: requestLifetimeMinutes }),
    };
    const command = { type: 'ProposeLimits', request, limits: wanted } as const;
    const outcome = await control.execute(command, by.metadata);
    if (!outcome.ok) return outcome;
    const pending = samePending(outcome.value.state.requests, request);
    if (pending === undefined) throw new Error('limits were proposed and are not pending');
    const { requestId, expiresAt } = pending;
    return accepted({
      approval: { request_id: requestId, expires_at: expiresAt, how_to_approve: howToApprove },
      position: outcome.value.logPosition ?? 0n,
    });
  };

  const attempt = async (
    wish: readonly LimitChange[],
    by: { readonly givenReason: string | null; readonly metadata: EventMetadata },
  ) => {
    const before = limitsInForce(await control.refresh(), account);
    const changed = changedLimits(before.limits, wish);
    if (!changed.ok) return changed;
    const { tightened, wanted, tighter, looser } = changed.value;
    let version = before.version;
    let position = 0n;
    if (tighter.length > 0) {
      const outcome = await changes.change(
        { type: 'AdoptLimits', limits: tightened, expectedVersion: version, at: now() },
        by.metadata,
      );
      if (!outcome.ok) return outcome;
      version = limitsInForce(outcome.value.state, account).version;
      position = outcome.value.logPosition ?? 0n;
    }
    const asked =
      looser.length === 0 ? undefined : await propose(wanted, { version, limits: tightened }, by);
    if (asked?.ok === false) return asked;
    const waits = asked !== undefined;
    return accepted({
      status: waits
        ? ('approval_required' as const)
        : tighter.length > 0
          ? ('in_force' as const)
          : ('unchanged' as const),
      limits_version: version,
      in_force: tighter.map(viewOf),
      waiting: looser.map(viewOf),
      approval: asked?.value.approval ?? null,
      log_position: `${asked?.value.position ?? position}`,
    });
  };

  return {
    SetLimits: async ({ changes: wish, reason }, { metadata }) => {
      for (let tries = 1; ; tries++) {
        const outcome = await attempt(wish, { givenReason: reason ?? null, metadata });
        const isBeaten = !outcome.ok && outcome.refusal.code === 'LIMITS_CHANGED';
        if (!isBeaten || tries === mostTries) return outcome;
      }
    },
  };
};
