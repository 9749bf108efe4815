import {
  type ApprovalRequestId,
  type EventOf,
  EventStoreCorrupt,
  type HaltId,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import type {
  controlEvents,
  Halt,
  HaltScope,
  LimitsDocument,
  ReleaseRequest,
} from '@sentinel/contracts/risk';

/** The stream whose halts and limits hold for every session. */
export const controlStream: StreamName = streamName('control');

export type ControlEvent = EventOf<typeof controlEvents>;

export type ControlState = {
  readonly halts: readonly Halt[];
  readonly limits: LimitsDocument | null;
  readonly releaseRequests: ReadonlyMap<ApprovalRequestId, ReleaseRequest>;
  readonly released: ReadonlyMap<HaltId, Extract<ControlEvent, { type: 'HaltReleased' }>['data']>;
  /** Sessions that must be told of whatever changes here, in the order in which they opened. */
  readonly openSessions: readonly string[];
  /** The session that was closed last: whose books the next one continues. */
  readonly lastClosed: string | null;
};

/** How an event moves the control state. */
export const evolveControl = (state: ControlState, event: ControlEvent): ControlState => {
  switch (event.type) {
    case 'HaltEngaged':
      return { ...state, halts: [...state.halts, event.data] };
    case 'HaltReleased':
      return {
        ...state,
        halts: state.halts.filter(({ haltId }) => haltId !== event.data.haltId),
        released: new Map(state.released).set(event.data.haltId, event.data),
      };
    case 'LimitsAdopted':
      return { ...state, limits: event.data.document };
    case 'HaltReleaseRequested':
      return {
        ...state,
        releaseRequests: new Map(state.releaseRequests).set(event.data.requestId, event.data),
      };
    case 'SessionRegistered':
      return { ...state, openSessions: [...state.openSessions, event.data.session] };
    case 'SessionDeregistered':
      return {
        ...state,
        openSessions: state.openSessions.filter((session) => session !== event.data.session),
        lastClosed: event.data.session,
      };
  }
};

/** The limits in force. @throws EventStoreCorrupt before any were adopted: start-up adopts them first */
export const limitsInForce = (state: ControlState): LimitsDocument => {
  if (state.limits === null) throw new EventStoreCorrupt('no risk limits were ever adopted');
  return state.limits;
};

/** The halt in force for exactly this scope and target. */
export const findHalt = (
  state: ControlState,
  scope: HaltScope,
  target: string | null,
): Halt | undefined => state.halts.find((halt) => halt.scope === scope && halt.target === target);
