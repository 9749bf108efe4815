import type {
  BacktestResult,
  lifecycleEvents,
  PromotionRequest,
} from '@sentinel/contracts/governance';
import {
  type ApprovalRequestId,
  type BacktestId,
  type Digest,
  type EventOf,
  type HaltId,
  isBefore,
  type Sha256,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import type { StrategyState } from '@sentinel/contracts/strategy';
import { configurationDigest, definitionOf } from '../../strategy/index.ts';

export const strategyStream = (strategyId: string): StreamName =>
  streamName('strategy', strategyId);

export type LifecycleEvent = EventOf<typeof lifecycleEvents>;
type Registered = Extract<LifecycleEvent, { type: 'StrategyRegistered' }>['data'];

/** Backtests that are remembered; how many trials there were is counted for ever. */
const rememberedBacktests = 50;

/** A strategy as its stream tells it. */
export type Lifecycle = {
  readonly phase: 'registered';
  readonly registered: Registered;
  readonly state: StrategyState;
  /** When it came into this state. */
  readonly since: Temporal.Instant;
  /** Where a suspended strategy can return to; null otherwise. */
  readonly before: StrategyState | null;
  /** The halt by which a suspension or a retirement is in force; null without either. */
  readonly haltId: HaltId | null;
  /** Why, as far as a halt has to say it. */
  readonly ended: {
    readonly reason: string;
    readonly by: string;
    readonly at: Temporal.Instant;
  } | null;
  /** The halt of a suspension that is over, and by whose leave. */
  readonly reinstated: {
    readonly haltId: HaltId;
    readonly requestId: ApprovalRequestId;
    readonly releasedBy: string;
    readonly at: Temporal.Instant;
  } | null;
  /** When a human last let it trade again: drift from before was seen then. Null before that. */
  readonly resumedAt: Temporal.Instant | null;
  /** Of what is being tried and promoted; null when this program does not know its rule. */
  readonly configurationDigest: Sha256 | null;
  /** What was frozen at the last promotion; null before the first. */
  readonly frozen: Sha256 | null;
  /** When it last came into each state. */
  readonly entered: ReadonlyMap<StrategyState, Temporal.Instant>;
  /** The newest, oldest first. */
  readonly backtests: readonly BacktestResult[];
  readonly runs: ReadonlySet<BacktestId>;
  /** Configurations tried in all of them. */
  readonly trials: number;
  /** Requests that could still be answered when the newest of them came. */
  readonly requests: ReadonlyMap<ApprovalRequestId, PromotionRequest>;
};

export type LifecycleState = { readonly phase: 'unknown' } | Lifecycle;

const begun = (registered: Registered, digest: Digest): Lifecycle => {
  const definition = definitionOf(registered);
  return {
    phase: 'registered',
    registered,
    state: registered.state,
    since: registered.at,
    before: null,
    haltId: null,
    ended: null,
    reinstated: null,
    resumedAt: null,
    configurationDigest: definition === undefined ? null : configurationDigest(definition, digest),
    frozen: null,
    entered: new Map([[registered.state, registered.at]]),
    backtests: [],
    runs: new Set(),
    trials: 0,
    requests: new Map(),
  };
};

const withRequest = (state: Lifecycle, request: PromotionRequest): Lifecycle => ({
  ...state,
  requests: new Map([
    ...[...state.requests].filter(([, { expiresAt }]) => isBefore(request.requestedAt, expiresAt)),
    [request.requestId, request],
  ]),
});

const promoted = (
  state: Lifecycle,
  {
    from,
    to,
    at,
    requestId,
    approvedBy,
    configurationDigest: frozen,
  }: Extract<LifecycleEvent, { type: 'StrategyPromoted' }>['data'],
): Lifecycle => ({
  ...state,
  state: to,
  since: at,
  before: null,
  haltId: null,
  ended: null,
  reinstated:
    from === 'suspended' && state.haltId !== null && requestId !== null
      ? { haltId: state.haltId, requestId, releasedBy: approvedBy ?? 'nobody', at }
      : null,
  resumedAt: from === 'suspended' ? at : state.resumedAt,
  frozen,
  // Whoever returns from a suspension goes on where it was: what it showed before still counts.
  entered: from === 'suspended' ? state.entered : new Map(state.entered).set(to, at),
  requests: new Map(),
});

type EndedEvent = Extract<LifecycleEvent, { type: 'StrategySuspended' | 'StrategyRetired' }>;

const stopped = (state: Lifecycle, { type, data }: EndedEvent): Lifecycle => ({
  ...state,
  state: type === 'StrategySuspended' ? 'suspended' : 'retired',
  since: data.at,
  before: type === 'StrategySuspended' ? data.from : null,
  haltId: data.haltId,
  ended: { reason: data.reason, by: data.by, at: data.at },
  reinstated: null,
  requests: new Map(),
});

/** How an event moves a strategy. What comes before its registration means nothing and moves nothing. */
export const evolveLifecycle =
  (digest: Digest) =>
  (state: LifecycleState, event: LifecycleEvent): LifecycleState => {
    if (event.type === 'StrategyRegistered')
      return state.phase === 'unknown' ? begun(event.data, digest) : state;
    if (state.phase === 'unknown') return state;
    switch (event.type) {
      case 'BacktestCompleted':
        return {
          ...state,
          backtests: [...state.backtests, event.data].slice(-rememberedBacktests),
          runs: new Set(state.runs).add(event.data.runId),
          trials: state.trials + event.data.trials,
        };
      case 'StrategyPromoted':
        return promoted(state, event.data);
      case 'PromotionDenied':
        return state;
      case 'PromotionRequested':
        return withRequest(state, event.data);
      // A yes is told by the promotion beside it; what was denied in spite of it can be answered again.
      case 'ApprovalGranted':
        return state;
      case 'ApprovalDeclined':
      case 'PromotionRequestExpired': {
        const requests = new Map(state.requests);
        requests.delete(event.data.requestId);
        return { ...state, requests };
      }
      case 'StrategySuspended':
      case 'StrategyRetired':
        return stopped(state, event);
    }
  };
