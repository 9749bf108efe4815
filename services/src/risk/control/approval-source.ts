import {
  type ApprovalRequestId,
  accepted,
  canonicalJson,
  type Digest,
  type EventMetadata,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import { type Halt, type ReleaseRequest, releaseRequestSchema } from '@sentinel/contracts/risk';
import {
  type Answer,
  type Answered,
  type ApprovalSource,
  type KnownRequest,
  requestDigest,
  type ShownRequest,
} from '../../approval/index.ts';
import type { Control, ControlOutcome } from './control.ts';
import type { ControlChanges } from './handlers.ts';
import { limitDifferences } from './limits-adoption.ts';
import type { ControlState } from './state.ts';

export type ControlApprovalsOptions = {
  readonly control: Control;
  readonly changes: Pick<ControlChanges, 'change'>;
  readonly digest: Digest;
};

const nameOf = ({ scope, target, account }: Halt): string => {
  const of = target === null ? (scope === 'global' ? 'everything' : `the account`) : target;
  return `the halt of ${target === null ? of : `the ${scope} ${target}`}${account === undefined ? '' : ` in account ${account}`}`;
};

const releaseDigest = (request: ReleaseRequest, digest: Digest) =>
  digest(canonicalJson(releaseRequestSchema.encode(request)));

const releaseShown = (
  request: ReleaseRequest,
  { halts }: ControlState,
  digest: Digest,
): ShownRequest => {
  const halt = halts.find(({ haltId }) => haltId === request.haltId);
  return {
    request_id: request.requestId,
    kind: 'halt_release',
    status: halt === undefined ? 'granted' : 'pending',
    title: halt === undefined ? 'Release a halt that stands no more' : `Release ${nameOf(halt)}`,
    lines:
      halt === undefined
        ? ['The halt is not in force any more.']
        : [
            `It stands since ${halt.engagedAt.toString({ smallestUnit: 'second' })}, engaged by ${halt.engagedBy}.`,
            `Why it stands, in the words of whoever engaged it: ${JSON.stringify(halt.reason)}`,
            'Once it is released, orders that add risk are taken again.',
          ],
    reason_given: request.reason,
    requested_by: request.requestedBy,
    requested_at: request.requestedAt,
    expires_at: request.expiresAt,
    digest: releaseDigest(request, digest),
  };
};

const limitsShown = (
  request: KnownRequest,
  { limits, proposedLimits }: ControlState,
  digest: Digest,
): ShownRequest => {
  const wanted = proposedLimits.get(request.requestId);
  const differences =
    wanted === undefined || limits === null ? [] : limitDifferences(limits.limits, wanted);
  return {
    request_id: request.requestId,
    kind: request.kind,
    status: request.status,
    title: `Loosen ${differences.length === 1 ? 'a risk limit' : 'risk limits'}`,
    lines: [
      `Limits version ${request.limitsVersion} is to be replaced.`,
      ...differences.map(({ limit, inForce, wanted: to }) => `${limit}: from ${inForce} to ${to}`),
      'They hold for every order from then on, in open sessions too.',
    ],
    reason_given: request.givenReason,
    requested_by: request.requestedBy,
    requested_at: request.requestedAt,
    expires_at: request.expiresAt,
    digest: requestDigest(request, digest),
  };
};

/** Releases of halts and looser limits, which stand in the control stream. */
export const controlApprovals = (options: ControlApprovalsOptions): ApprovalSource => {
  const { control, changes, digest } = options;

  const told = (outcome: ControlOutcome, said: string): Outcome<Answered> =>
    outcome.ok
      ? accepted({ told: said, logPosition: `${outcome.value.logPosition ?? 0n}` })
      : outcome;

  const answerRelease = async (
    request: ReleaseRequest,
    { approves, ...answer }: Answer & { readonly approves: boolean },
    metadata: EventMetadata,
  ): Promise<Outcome<Answered>> => {
    if (releaseDigest(request, digest) !== answer.requestDigest) {
      return refused(
        'REQUEST_CHANGED',
        'The approval names another request than the one recorded.',
        'Read the request again and approve that.',
      );
    }
    if (!approves)
      return told(
        await control.execute({ type: 'DeclineRelease', answer }, metadata),
        'Declined: the halt stays.',
      );
    return told(
      await changes.change({ type: 'ReleaseHalt', answer }, metadata),
      'Approved: the halt is released.',
    );
  };

  return {
    list: async () => {
      const state = await control.refresh();
      return [
        ...[...state.releaseRequests.values()].map((each) => releaseShown(each, state, digest)),
        ...[...state.requests.values()].map((each) => limitsShown(each, state, digest)),
      ];
    },
    answer: async (answer, metadata) => {
      const state = await control.refresh();
      const id = answer.requestId as ApprovalRequestId;
      const release = state.releaseRequests.get(id);
      if (release !== undefined) return answerRelease(release, answer, metadata);
      if (state.released.values().some(({ requestId }) => requestId === id))
        return refused(
          'ALREADY_RELEASED',
          'The halt is not in force any more.',
          'Nothing has to be done.',
        );
      const request = state.requests.get(id);
      if (request === undefined) return undefined;
      if (requestDigest(request, digest) !== answer.requestDigest) {
        return refused(
          'REQUEST_CHANGED',
          'The answer names another request than the one recorded.',
          'Read the request again and answer that.',
        );
      }
      const { approves, ...given } = answer;
      const command = { type: 'AnswerLimits', answer: given, approves } as const;
      return told(
        await changes.change(command, metadata),
        approves
          ? 'Approved: the limits are in force, in open sessions too.'
          : 'Declined: the limits stay as they are.',
      );
    },
  };
};
