import { type PromotionRequest, stateAfter } from '@sentinel/contracts/governance';
import { isBefore, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { StrategyState } from '@sentinel/contracts/strategy';
import { isSamePerson } from '../../approval/index.ts';
import type { Approve, LifecycleRefusal } from './commands.ts';
import type { Lifecycle } from './state.ts';

type Refused = Extract<Outcome<unknown, LifecycleRefusal>, { ok: false }>;

/** Who proved to be a person: a program that acts for one is `local:` or `agent:`. */
export const isHuman = (principal: string): boolean => /^human:./.test(principal);

/**
 * Whose yes is a human's. Until people log in, the key that only the operator's account can read stands for
 * one: it is no caller of tools, and the log says that no more was proved.
 */
const answersAsHuman = (principal: string): boolean =>
  isHuman(principal) || /^operator-key:./.test(principal);

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

/** Why this principal may not answer the request, or undefined. */
export const mayNotAnswer = (
  request: PromotionRequest | undefined,
  { approvedBy, wall }: Pick<Approve, 'approvedBy' | 'wall'>,
): Refused | undefined => {
  if (request === undefined)
    return refused(
      'UNKNOWN_REQUEST',
      'There is no such request that could still be answered.',
      'Ask for the promotion again to get one.',
    );
  if (!isBefore(wall, request.expiresAt))
    return refused(
      'REQUEST_EXPIRED',
      `The request expired at ${request.expiresAt}.`,
      'Ask for the promotion again.',
    );
  if (!answersAsHuman(approvedBy))
    return refused(
      'HUMAN_REQUIRED',
      `${approvedBy} is not known to be a human.`,
      `A human runs \`npm run approve -- ${request.requestId}\` at the machine that Sentinel runs on.`,
    );
  if (isSamePerson(approvedBy, request.requestedBy))
    return refused(
      'SAME_PRINCIPAL',
      `${request.requestedBy} asked for this promotion, and ${approvedBy} is the same person.`,
      'Let another human answer it.',
    );
  return undefined;
};
