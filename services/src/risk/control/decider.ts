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
import type { Decider } from '../../kernel/index.ts';
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

const release = (
  command: Extract<ControlCommand, { type: 'ReleaseHalt' }>,
  state: ControlState,
): Outcome<readonly ControlEvent[], ControlRefusal> => {
  const { requestId, releasedBy, at } = command;
  const request = state.releaseRequests.get(requestId);
  if (state.released.values().some((granted) => granted.requestId === requestId)) {
    return refused(
      'ALREADY_RELEASED',
      'The halt is not in force any more.',
      'Nothing has to be done.',
    );
  }
  if (request === undefined) {
    return refused(
      'UNKNOWN_REQUEST',
      `There is no release request ${requestId} that could still be answered.`,
      'Ask for the release again to get a request.',
    );
  }
  const { haltId } = request;
  if (Temporal.Instant.compare(at, request.expiresAt) >= 0) {
    return refused(
      'REQUEST_EXPIRED',
      `The request expired at ${request.expiresAt}.`,
      'Ask for the release again.',
    );
  }
  return accepted([
    { type: 'HaltReleased', data: { haltId, requestId, releasedBy, releasedAt: at } },
  ]);
};

const releaseSuspension = (
  { haltId, requestId, releasedBy, at }: Extract<ControlCommand, { type: 'ReleaseSuspension' }>,
  { halts }: ControlState,
): readonly ControlEvent[] =>
  halts.some((halt) => halt.haltId === haltId && halt.danger === suspensionDanger)
    ? [{ type: 'HaltReleased', data: { haltId, requestId, releasedBy, releasedAt: at } }]
    : [];

const adoptLimits = (
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

const expired = (at: Temporal.Instant, state: ControlState): readonly ControlEvent[] =>
  [...state.releaseRequests.values()]
    .filter(({ expiresAt }) => !isBefore(at, expiresAt))
    .slice(0, mostAtOnce)
    .map(({ requestId, haltId }) => ({
      type: 'HaltReleaseExpired',
      data: { requestId, haltId, at },
    }));

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
      return accepted(adoptLimits(command, state));
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
    released: new Map(),
  },
  decide,
  evolve: evolveControl,
};
