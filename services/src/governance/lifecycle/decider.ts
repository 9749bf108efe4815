import {
  accepted,
  canonicalJson,
  type Digest,
  isBefore,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import type { StrategyState } from '@sentinel/contracts/strategy';
import type { Decider } from '../../kernel/index.ts';
import type { Approve, Decline, LifecycleCommand, LifecycleRefusal, Promote } from './commands.ts';
import { backtestFor, criteriaOf } from './criteria.ts';
import { requirementsOf } from './requirements.ts';
import { pendingRequest, retiredRefusal, unanswerable, unreachable } from './rules.ts';
import {
  evolveLifecycle,
  type Lifecycle,
  type LifecycleEvent,
  type LifecycleState,
} from './state.ts';

export type LifecycleDecider = Decider<
  LifecycleCommand,
  LifecycleState,
  LifecycleEvent,
  LifecycleRefusal
>;
export type LifecycleDecision = Outcome<readonly LifecycleEvent[], LifecycleRefusal>;

const judge = (
  strategy: Lifecycle,
  to: StrategyState,
  { evidence, notes, requestedBy, at }: Pick<Promote, 'evidence' | 'notes' | 'requestedBy' | 'at'>,
) => {
  const { registered, state: from, configurationDigest } = strategy;
  const criteria = [...criteriaOf(strategy, to, { evidence, at })];
  const runId = requirementsOf(from, to).backtest && backtestFor(strategy)?.runId;
  return {
    isMet: configurationDigest !== null && criteria.every(({ met }) => met),
    judged: {
      ...{ strategyId: registered.strategyId, from, to, criteria, notes, requestedBy },
      // Without one the configuration is not known, and the criterion that says so is not met.
      configurationDigest: configurationDigest ?? unknownConfiguration,
      runId: runId ?? null,
      record: evidence.record,
    },
  };
};

const unknownConfiguration = '0'.repeat(64) as NonNullable<Lifecycle['configurationDigest']>;

const promote = (command: Promote, strategy: Lifecycle): LifecycleDecision => {
  const { target, requestId, expiresAt, at, wall } = command;
  const no = unreachable(strategy, target);
  if (no !== undefined) return no;
  if (pendingRequest(strategy, wall) !== undefined) return accepted([]);
  const { isMet, judged } = judge(strategy, target, command);
  if (!isMet) return accepted([{ type: 'PromotionDenied', data: { ...judged, at } }]);
  if (requirementsOf(strategy.state, target).human) {
    const request = { ...judged, requestId, requestedAt: wall, expiresAt };
    return accepted([{ type: 'PromotionRequested', data: request }]);
  }
  const data = { ...judged, requestId: null, approvedBy: null, at };
  return accepted([{ type: 'StrategyPromoted', data }]);
};

const approve = (command: Approve, strategy: Lifecycle): LifecycleDecision => {
  const { answer, evidence, at } = command;
  const { requestId, by } = answer;
  const request = strategy.requests.get(requestId);
  const no = unanswerable(request, answer);
  if (no !== undefined || request === undefined) return no ?? accepted([]);
  const { to, notes, requestedBy } = request;
  const impossible = unreachable(strategy, to);
  if (impossible !== undefined) return impossible;
  const { isMet, judged } = judge(strategy, to, { evidence, notes, requestedBy, at });
  const data = { ...judged, requestId, approvedBy: by.principal, at };
  return accepted([
    { type: 'ApprovalGranted', data: answer },
    isMet
      ? { type: 'StrategyPromoted', data }
      : { type: 'PromotionDenied', data: { ...judged, at } },
  ]);
};

const decline = ({ answer }: Decline, { requests }: Lifecycle): LifecycleDecision =>
  unanswerable(requests.get(answer.requestId), answer) ??
  accepted([{ type: 'ApprovalDeclined', data: answer }]);

const isSame = (a: Lifecycle['registered'], b: Lifecycle['registered']): boolean => {
  const said = ({ name, type, parameters }: Lifecycle['registered']) =>
    canonicalJson({ name, type, parameters });
  return said(a) === said(b);
};

const register = (
  { strategy, unlessKnown }: Extract<LifecycleCommand, { type: 'Register' }>,
  state: LifecycleState,
): LifecycleDecision => {
  if (state.phase === 'unknown') return accepted([{ type: 'StrategyRegistered', data: strategy }]);
  if (unlessKnown || isSame(state.registered, strategy)) return accepted([]);
  return refused(
    'STRATEGY_EXISTS',
    `There is a strategy ${strategy.strategyId} with another type or other parameters.`,
    'Choose another name: what a strategy is never changes.',
  );
};

const recordBacktest = (
  { result }: Extract<LifecycleCommand, { type: 'RecordBacktest' }>,
  strategy: Lifecycle,
): LifecycleDecision => {
  if (strategy.runs.has(result.runId)) return accepted([]);
  if (strategy.state === 'retired') return retiredRefusal(result.strategyId);
  return result.configurationDigest === strategy.configurationDigest
    ? accepted([{ type: 'BacktestCompleted', data: result }])
    : refused(
        'OTHER_CONFIGURATION',
        `The backtest tried another configuration than that of ${result.strategyId}.`,
        'Run it with the rule and the parameters that stand in the log.',
      );
};

/** A stop is never refused: what trades no more already is left as it is. */
const stop = (
  {
    type,
    reason,
    by,
    haltId,
    at,
    ...rest
  }: Extract<LifecycleCommand, { type: 'Suspend' | 'Retire' }>,
  { registered: { strategyId }, state: from, haltId: standing }: Lifecycle,
): readonly LifecycleEvent[] => {
  const data = { strategyId, from, haltId: standing ?? haltId, reason, by, at };
  if (from === 'retired') return [];
  if (type === 'Retire') return [{ type: 'StrategyRetired', data }];
  const drift = 'drift' in rest ? rest.drift : null;
  return from === 'suspended' ? [] : [{ type: 'StrategySuspended', data: { ...data, drift } }];
};

const expired = (wall: Temporal.Instant, strategy: Lifecycle): readonly LifecycleEvent[] =>
  [...strategy.requests.values()]
    .filter(({ expiresAt }) => !isBefore(wall, expiresAt))
    .map(({ strategyId, requestId }) => ({
      type: 'PromotionRequestExpired',
      data: { strategyId, requestId, at: wall },
    }));

/** Of a name that no strategy has. */
export const unknownStrategy = refused(
  'UNKNOWN_STRATEGY',
  'There is no such strategy.',
  'Read governance.list_strategies for those that there are.',
);

const decideKnown = (
  command: Exclude<LifecycleCommand, { type: 'Register' }>,
  strategy: Lifecycle,
): LifecycleDecision => {
  switch (command.type) {
    case 'RecordBacktest':
      return recordBacktest(command, strategy);
    case 'Promote':
      return promote(command, strategy);
    case 'Approve':
      return approve(command, strategy);
    case 'Decline':
      return decline(command, strategy);
    case 'Suspend':
    case 'Retire':
      return accepted(stop(command, strategy));
    case 'ExpireRequests':
      return accepted(expired(command.wall, strategy));
  }
};

const decide = (command: LifecycleCommand, state: LifecycleState): LifecycleDecision => {
  if (command.type === 'Register') return register(command, state);
  if (state.phase === 'unknown') return unknownStrategy;
  return decideKnown(command, state);
};

/** Where a strategy stands and what it may become. `digest` is pure, so the decision is. */
export const lifecycleDecider = (digest: Digest): LifecycleDecider => ({
  initialState: { phase: 'unknown' },
  decide,
  evolve: evolveLifecycle(digest),
});
