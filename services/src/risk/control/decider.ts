import {
  type ApprovalRequestId,
  accepted,
  canonicalJson,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import {
  type Halt,
  type HaltScope,
  type ReleaseRequest,
  type RiskLimits,
  riskLimitsSchema,
} from '@sentinel/contracts/risk';
import type { Decider } from '../../kernel/index.ts';
import { type ControlEvent, type ControlState, evolveControl, findHalt } from './state.ts';

export type ControlCommand =
  | { readonly type: 'EngageHalt'; readonly halt: Halt }
  | {
      readonly type: 'RequestRelease';
      readonly request: Omit<ReleaseRequest, 'haltId'>;
      readonly scope: HaltScope;
      readonly target: string | null;
    }
  | {
      readonly type: 'ReleaseHalt';
      readonly requestId: ApprovalRequestId;
      readonly releasedBy: string;
      readonly at: Temporal.Instant;
    }
  | { readonly type: 'AdoptLimits'; readonly limits: RiskLimits; readonly at: Temporal.Instant }
  | { readonly type: 'RegisterSession'; readonly session: string; readonly at: Temporal.Instant }
  | { readonly type: 'DeregisterSession'; readonly session: string; readonly at: Temporal.Instant };

/** In order of precedence. */
export const controlRefusals = [
  'NOT_HALTED',
  'UNKNOWN_REQUEST',
  'REQUEST_EXPIRED',
  'ALREADY_RELEASED',
] as const;
export type ControlRefusal = (typeof controlRefusals)[number];

export type ControlDecider = Decider<ControlCommand, ControlState, ControlEvent, ControlRefusal>;

const sameLimits = (a: RiskLimits, b: RiskLimits): boolean =>
  canonicalJson(riskLimitsSchema.encode(a)) === canonicalJson(riskLimitsSchema.encode(b));

const release = (
  command: Extract<ControlCommand, { type: 'ReleaseHalt' }>,
  state: ControlState,
): Outcome<readonly ControlEvent[], ControlRefusal> => {
  const { requestId, releasedBy, at } = command;
  const request = state.releaseRequests.get(requestId);
  if (request === undefined) {
    return refused(
      'UNKNOWN_REQUEST',
      `There is no release request ${requestId}.`,
      'Ask for the release again to get a request.',
    );
  }
  const { haltId } = request;
  if (!state.halts.some((halt) => halt.haltId === haltId)) {
    return refused(
      'ALREADY_RELEASED',
      'The halt is not in force any more.',
      'Nothing has to be done.',
    );
  }
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

const decide = (
  command: ControlCommand,
  state: ControlState,
): Outcome<readonly ControlEvent[], ControlRefusal> => {
  switch (command.type) {
    case 'EngageHalt':
      return findHalt(state, command.halt.scope, command.halt.target) === undefined
        ? accepted([{ type: 'HaltEngaged', data: command.halt }])
        : accepted([]);
    case 'RequestRelease': {
      const halt = findHalt(state, command.scope, command.target);
      return halt === undefined
        ? refused(
            'NOT_HALTED',
            'No such halt is in force.',
            'Read the kill switch status for the halts in force.',
          )
        : accepted([
            { type: 'HaltReleaseRequested', data: { ...command.request, haltId: halt.haltId } },
          ]);
    }
    case 'ReleaseHalt':
      return release(command, state);
    case 'AdoptLimits': {
      if (state.limits !== null && sameLimits(state.limits.limits, command.limits))
        return accepted([]);
      const document = { version: (state.limits?.version ?? 0) + 1, limits: command.limits };
      return accepted([{ type: 'LimitsAdopted', data: { document, at: command.at } }]);
    }
    case 'RegisterSession':
      return state.openSessions.includes(command.session)
        ? accepted([])
        : accepted([
            { type: 'SessionRegistered', data: { session: command.session, at: command.at } },
          ]);
    case 'DeregisterSession':
      return state.openSessions.includes(command.session)
        ? accepted([
            { type: 'SessionDeregistered', data: { session: command.session, at: command.at } },
          ])
        : accepted([]);
  }
};

export const controlDecider: ControlDecider = {
  initialState: {
    halts: [],
    limits: null,
    releaseRequests: new Map(),
    released: new Map(),
    openSessions: [],
    lastClosed: null,
  },
  decide,
  evolve: evolveControl,
};
