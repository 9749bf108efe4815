import type { Handlers } from '@sentinel/contracts';
import { accepted, type LogPosition, refused } from '@sentinel/contracts/kernel';
import { type Approvals, isHuman } from '../approval/index.ts';
import { creating } from './creation.ts';
import { criteriaOf } from './lifecycle/criteria.ts';
import { requirementsOf } from './lifecycle/requirements.ts';
import { unreachable } from './lifecycle/rules.ts';
import { type PromotionOptions, promoting, strategyOf } from './promotion.ts';
import type { Stopping } from './stopping.ts';

export type GovernanceHandlersOptions = PromotionOptions & {
  readonly stopping: Stopping;
  /** The one way by which a human answers whatever waits for one. */
  readonly answer: Approvals['answer'];
  readonly lastPosition: () => Promise<LogPosition>;
};

type Names =
  | 'CreateStrategy'
  | 'PromoteStrategy'
  | 'SuspendStrategy'
  | 'ApproveRequest'
  | 'EvaluatePromotion'
  | 'CheckDrift';

const commands = (
  options: GovernanceHandlersOptions,
): Pick<
  Handlers<Names>,
  'CreateStrategy' | 'PromoteStrategy' | 'SuspendStrategy' | 'ApproveRequest'
> => {
  const { stopping, answer } = options;
  const create = creating(options);
  const promote = promoting(options);
  return {
    CreateStrategy: (input, { metadata }) => create(input, metadata),

    PromoteStrategy: async (
      { strategy: strategyId, target_state: target, notes },
      { metadata },
    ) => {
      if (target !== 'retired') return promote({ strategyId, target, notes }, metadata);
      const stopped = await stopping.stop({ type: 'Retire', strategyId, reason: notes }, metadata);
      if (!stopped.ok) return stopped;
      return accepted({
        ...({ status: 'retired', strategy: strategyId, state: 'retired', event_id: null } as const),
        ...{ criteria: [], request_id: null, expires_at: null, how_to_approve: null },
        log_position: `${stopped.value.logPosition}`,
      });
    },

    SuspendStrategy: async ({ strategy: strategyId, reason = 'no reason given' }, { metadata }) => {
      const stopped = await stopping.stop({ type: 'Suspend', strategyId, reason }, metadata);
      if (!stopped.ok) return stopped;
      const { strategy, isNew, logPosition } = stopped.value;
      return accepted({
        strategy: strategyId,
        state: strategy.state,
        returns_to: strategy.before,
        already_suspended: !isNew,
        log_position: `${logPosition}`,
      });
    },

    ApproveRequest: async ({ request_id, digest }, { metadata }) => {
      const { principal } = metadata;
      if (!isHuman(principal))
        return refused(
          'HUMAN_REQUIRED',
          `${principal} is not known to be a human, and a program approves nothing.`,
          `A human runs \`npm run approve -- ${request_id}\` at the machine that Sentinel runs on.`,
        );
      const by = { principal, identifiedBy: 'call', through: 'tool' } as const;
      const outcome = await answer({ requestId: request_id, digest, approves: true, by }, metadata);
      if (!outcome.ok) return outcome;
      const { logPosition, told } = outcome.value;
      return accepted({ request_id, outcome: told, log_position: logPosition });
    },
  };
};

/** What governance is asked and told by tools. */
export const governanceHandlers = (options: GovernanceHandlersOptions): Handlers<Names> => {
  const { book, evidence, marketNow, lastPosition } = options;
  return {
    ...commands(options),

    EvaluatePromotion: async ({ strategy: strategyId, target_state: target }) => {
      const asOf = await lastPosition();
      const found = await strategyOf(book, strategyId);
      if (!found.ok) return found;
      const strategy = found.value;
      const answer = { strategy: strategyId, state: strategy.state, as_of_position: `${asOf}` };
      if (target === 'retired')
        return accepted({
          ...answer,
          ...{ target_state: target, ready: strategy.state !== 'retired' },
          ...{ needs_human: false, criteria: [] },
        });
      const no = unreachable(strategy, target);
      if (no !== undefined) return no;
      const gathered = await evidence.gather(strategy, target);
      const criteria = [...criteriaOf(strategy, target, { evidence: gathered, at: marketNow() })];
      return accepted({
        ...answer,
        target_state: target,
        ready: criteria.every(({ met }) => met),
        needs_human: requirementsOf(strategy.state, target).human,
        criteria,
      });
    },

    CheckDrift: async ({ strategy: strategyId }) => {
      const found = await strategyOf(book, strategyId);
      if (!found.ok) return found;
      const { report, asOf } = await evidence.drift(found.value);
      const { level, trades, signals } = report;
      return accepted({
        ...{ strategy: strategyId, state: found.value.state },
        ...{ level, trades, signals: [...signals] },
        as_of_position: `${asOf}`,
      });
    },
  };
};
