import {
  accepted,
  canonicalJson,
  isBefore,
  type Outcome,
  refused,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import {
  type Halt,
  type LimitsDocument,
  type ReleaseRequest,
  type RiskLimits,
  riskLimitsSchema,
} from '@sentinel/contracts/risk';
import { noRequests, overdueIn } from '../../approval/index.ts';
import type { Decider } from '../../kernel/index.ts';
import { answerLimits, declineRelease, proposeLimits, release } from './answers.ts';
import { bindAccount, bindMarket } from './binding.ts';
import { type ControlCommand, type ControlRefusal, suspensionDanger } from './commands.ts';
import {
  accountOf,
  type ControlEvent,
  type ControlState,
  evolveControl,
  findHalt,
  isSameTarget,
  type SessionName,
} from './state.ts';

export type ControlDecider = Decider<ControlCommand, ControlState, ControlEvent, ControlRefusal>;

export const sameLimits = (a: RiskLimits, b: RiskLimits): boolean =>
  canonicalJson(riskLimitsSchema.encode(a)) === canonicalJson(riskLimitsSchema.encode(b));

const releaseSuspension = (
  { haltId, requestId, releasedBy, at }: Extract<ControlCommand, { type: 'ReleaseSuspension' }>,
  { halts }: ControlState,
): readonly ControlEvent[] =>
  halts.some((halt) => halt.haltId === haltId && halt.danger === suspensionDanger)
    ? [{ type: 'HaltReleased', data: { haltId, requestId, releasedBy, releasedAt: at } }]
    : [];

const adoptLimits = (
  command: Extract<ControlCommand, { type: 'AdoptLimits' }>,
  state: ControlState,
): Outcome<readonly ControlEvent[], ControlRefusal> => {
  const { expectedVersion } = command;
  return expectedVersion !== undefined && expectedVersion !== state.limits?.version
    ? refused('LIMITS_CHANGED', 'The limits have changed meanwhile.', 'Look at them again.')
    : accepted(adopted(command, state));
};

const adopted = (
  { limits, account, onlyFirst, at }: Extract<ControlCommand, { type: 'AdoptLimits' }>,
  state: ControlState,
): readonly ControlEvent[] => {
  const own = account === undefined ? null : accountOf(state, account).limits;
  const inForce: LimitsDocument | null = own ?? state.limits;
  if (onlyFirst === true && inForce !== null) return [];
  const replaced = account === undefined ? state.limits : own;
  if (replaced !== null && sameLimits(replaced.limits, limits)) return [];
  const document = { version: (inForce?.version ?? 0) + 1, limits };
  return [
    { type: 'LimitsAdopted', data: { document, ...(account !== undefined && { account }), at } },
  ];
};

/** One request of one caller for one halt waits at a time: asked again, it is the same. */
const requestRelease = (
  { request, of }: Extract<ControlCommand, { type: 'RequestRelease' }>,
  state: ControlState,
): Outcome<readonly ControlEvent[], ControlRefusal> => {
  const halt = findHalt(state.halts, of);
  if (halt === undefined) {
    return refused(
      'NOT_HALTED',
      'No such halt is in force.',
      'Read the kill switch status for the halts in force.',
    );
  }
  if (halt.danger === suspensionDanger) {
    return refused(
      'SUSPENDED',
      `This halt stands since strategy ${halt.target} was suspended or retired.`,
      'A suspended strategy returns by governance.promote_strategy to the state before.',
    );
  }
  return pendingRelease(state, halt, request) === undefined
    ? accepted([{ type: 'HaltReleaseRequested', data: { ...request, haltId: halt.haltId } }])
    : accepted([]);
};

/** The request of the same caller for the same halt that a human can still answer. */
export const pendingRelease = (
  state: ControlState,
  { haltId }: Pick<Halt, 'haltId'>,
  { requestedBy, requestedAt }: Pick<ReleaseRequest, 'requestedBy' | 'requestedAt'>,
): ReleaseRequest | undefined =>
  [...state.releaseRequests.values()].find(
    (pending) =>
      pending.haltId === haltId &&
      pending.requestedBy === requestedBy &&
      isBefore(requestedAt, pending.expiresAt),
  );

/** Requests that end in one append, which holds 500 events. */
const mostAtOnce = 100;

const expired = (at: Temporal.Instant, state: ControlState): readonly ControlEvent[] => [
  ...[...state.releaseRequests.values()]
    .filter(({ expiresAt }) => !isBefore(at, expiresAt))
    .slice(0, mostAtOnce)
    .map(
      ({ requestId, haltId }): ControlEvent => ({
        type: 'HaltReleaseExpired',
        data: { requestId, haltId, at },
      }),
    ),
  ...overdueIn(state.requests, at)
    .slice(0, mostAtOnce)
    .map(
      ({ requestId }): ControlEvent => ({
        type: 'ApprovalExpired',
        data: { requestId, at },
      }),
    ),
];

const sessionData = ({ stream, account, date }: SessionName, at: Temporal.Instant) => ({
  session: stream as string,
  account,
  date: date as TradingDate,
  at,
});

const decide = (
  command: ControlCommand,
  state: ControlState,
): Outcome<readonly ControlEvent[], ControlRefusal> => {
  switch (command.type) {
    case 'BindMarket':
      return bindMarket(command, state);
    case 'BindAccount':
      return bindAccount(command, state);
    case 'EngageHalt': {
      const { halt } = command;
      // Whoever engages it late has not seen that a human has released it.
      const isKnown =
        state.released.has(halt.haltId) || state.halts.some((each) => isSameTarget(each, halt));
      return accepted(isKnown ? [] : [{ type: 'HaltEngaged', data: halt }]);
    }
    case 'RequestRelease':
      return requestRelease(command, state);
    case 'ReleaseHalt':
      return release(command, state);
    case 'ReleaseSuspension':
      return accepted(releaseSuspension(command, state));
    case 'ExpireRequests':
      return accepted(expired(command.at, state));
    case 'AdoptLimits':
      return adoptLimits(command, state);
    case 'DeclineRelease':
      return declineRelease(command.answer, state);
    case 'ProposeLimits':
      return proposeLimits(command, state);
    case 'AnswerLimits':
      return answerLimits(command, state);
    case 'RegisterSession':
    case 'DeregisterSession': {
      const { session, at } = command;
      const { openSessions, lastClosed } = accountOf(state, session.account);
      const isOpen = openSessions.some(({ stream }) => stream === session.stream);
      if (isOpen === (command.type === 'RegisterSession')) return accepted([]);
      // Whoever opens it late has not seen that it was lived through: its account has gone on.
      if (!isOpen && lastClosed !== null && session.date <= lastClosed.date) return accepted([]);
      const type = isOpen ? 'SessionDeregistered' : 'SessionRegistered';
      return accepted([{ type, data: sessionData(session, at) }]);
    }
  }
};

export const controlDecider: ControlDecider = {
  initialState: {
    market: null,
    halts: [],
    limits: null,
    accounts: new Map(),
    releaseRequests: new Map(),
    requests: noRequests,
    proposedLimits: new Map(),
    released: new Map(),
  },
  decide,
  evolve: evolveControl,
};
