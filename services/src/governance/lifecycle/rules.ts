import { type PromotionRequest, stateAfter } from '@sentinel/contracts/governance';
import { isBefore, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { StrategyState } from '@sentinel/contracts/strategy';
import { type Answer, mayNotAnswer } from '../../approval/index.ts';
import type { LifecycleRefusal } from './commands.ts';
import type { Lifecycle } from './state.ts';

type Refused = Extract<Outcome<unknown, LifecycleRefusal>, { ok: false }>;

export const retiredRefusal = (strategyId: string): Refused =>
  refused(
    'RETIRED',
    `Strategy ${strategyId} is retired, which is final.`,
    'Create another strategy: the same type and parameters may be used again.',
  );

/** The one state to which a promotion can lead from here. */
export const nextStateOf = ({ state, before }: Pick<Lifecycle, 'state' | 'before'>) =>
  state === 'suspended' ? (before ?? undefined) : stateAfter(state);

/** Why a strategy cannot be promoted to this state from where it is, whatever it has shown. */
export const unreachable = (strategy: Lifecycle, target: StrategyState): Refused | undefined => {
  const { registered, state } = strategy;
  const { strategyId } = registered;
  if (state === 'retired') return retiredRefusal(strategyId);
  const next = nextStateOf(strategy);
  if (target === next) return undefined;
  return refused(
    'NOT_NEXT',
    `Strategy ${strategyId} is in state ${state}; ${target} does not follow it.`,
    next === undefined
      ? `Nothing follows ${state} but retired.`
      : `Promote it to ${next}: ${state === 'suspended' ? 'a suspended strategy returns to the state before' : 'no state is skipped'}.`,
  );
};

/** The request that a human can still answer: there is one of a strategy at a time. */
export const pendingRequest = (
  { requests }: Pick<Lifecycle, 'requests'>,
  wall: Temporal.Instant,
): PromotionRequest | undefined =>
  [...requests.values()].find(({ expiresAt }) => isBefore(wall, expiresAt));

/** Why this answer to the request counts for nothing, or undefined. */
export const unanswerable = (
  request: PromotionRequest | undefined,
  { by, at }: Answer,
): Refused | undefined => {
  if (request === undefined)
    return refused(
      'UNKNOWN_REQUEST',
      'There is no such request that could still be answered.',
      'Ask for the promotion again to get one.',
    );
  if (!isBefore(at, request.expiresAt))
    return refused(
      'REQUEST_EXPIRED',
      `The request expired at ${request.expiresAt}.`,
      'Ask for the promotion again.',
    );
  return mayNotAnswer(by.principal, request);
};
