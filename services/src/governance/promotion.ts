import type { OutputOf } from '@sentinel/contracts';
import type { Criterion, PromotionTarget } from '@sentinel/contracts/governance';
import {
  type ApprovalRequestId,
  accepted,
  type EventMetadata,
  type LogPosition,
  type NewId,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import type { StrategyBook } from './book.ts';
import type { EvidenceGathering } from './evidence.ts';
import { pendingRequest, unreachable } from './lifecycle/rules.ts';
import type { Lifecycle, LifecycleEvent } from './lifecycle/state.ts';

/** How long a human has to answer. What is approved is judged again, so that it does not grow stale. */
const requestLifetimeHours = 24;

export type PromotionOptions = {
  readonly book: StrategyBook;
  readonly evidence: EvidenceGathering;
  readonly newId: NewId;
  readonly marketNow: () => Temporal.Instant;
  readonly now: () => Temporal.Instant;
};

type Wish = {
  readonly strategyId: string;
  readonly target: Exclude<PromotionTarget, 'retired'>;
  readonly notes: string;
};

/** A strategy by its id. */
export const strategyOf = async (
  book: Pick<StrategyBook, 'refresh'>,
  strategyId: string,
): Promise<Outcome<Lifecycle>> => {
  const { state } = await book.refresh(strategyId);
  return state.phase === 'registered'
    ? accepted(state)
    : refused(
        'UNKNOWN_STRATEGY',
        `There is no strategy ${strategyId.slice(0, 100)}.`,
        'Read governance.list_strategies for those that there are.',
      );
};

const text = ({ criterion, measured, comparison, required, unit }: Criterion): string =>
  `${criterion} ${measured ?? 'not measured'} (${comparison} ${required} ${unit})`;

/** What is not met, with what would do. */
export const unmetRefusal = (strategyId: string, criteria: readonly Criterion[]) =>
  refused(
    'CRITERIA_NOT_MET',
    `Not met: ${criteria.flatMap((each) => (each.met ? [] : [text(each)])).join('; ')}.`,
    `Record what is missing (backtests, paper sessions) and look at governance.evaluate_promotion for ${strategyId}; nothing has changed.`,
  );

/** The criteria of a denial among what was appended; undefined where there is none. */
export const deniedBy = (
  events: readonly { readonly event: LifecycleEvent }[],
): readonly Criterion[] | undefined => {
  const denial = events.find(({ event }) => event.type === 'PromotionDenied')?.event;
  return denial?.type === 'PromotionDenied' ? denial.data.criteria : undefined;
};

const howToApprove = (requestId: string): string =>
  `A human other than the requester runs \`npm run approve -- ${requestId}\` at the machine that Sentinel runs on. Nothing changes until then.`;

/** Promotes a strategy, or asks a human to. */
export const promoting =
  (options: PromotionOptions) =>
  async (
    { strategyId, target, notes }: Wish,
    metadata: EventMetadata,
  ): Promise<Outcome<OutputOf<'PromoteStrategy'>>> => {
    const { book, evidence, newId, marketNow, now } = options;
    const found = await strategyOf(book, strategyId);
    if (!found.ok) return found;
    // Evidence is read only for what could be: reading a year of sessions takes its time.
    const no = unreachable(found.value, target);
    if (no !== undefined) return no;
    const wall = now();
    const outcome = await book.execute(
      strategyId,
      {
        ...({ type: 'Promote', target, notes, requestedBy: metadata.principal } as const),
        evidence: await evidence.gather(found.value, target),
        requestId: newId() as ApprovalRequestId,
        expiresAt: wall.add({ hours: requestLifetimeHours }),
        at: marketNow(),
        wall,
      },
      metadata,
    );
    if (!outcome.ok) return outcome;
    const { state, events, logPosition } = outcome.value;
    if (state.phase === 'unknown') throw new Error(`${strategyId} was promoted and is not known`);
    const unmet = deniedBy(events);
    if (unmet !== undefined) return unmetRefusal(strategyId, unmet);
    const [appended] = events;
    const pending = pendingRequest(state, wall);
    const judged = appended?.event.type === 'StrategyPromoted' ? appended.event.data : pending;
    if (judged === undefined) throw new Error('a promotion that neither is nor waits');
    return accepted({
      status: pending === undefined ? 'promoted' : 'approval_required',
      strategy: strategyId,
      state: state.state,
      event_id: appended?.id ?? null,
      criteria: [...judged.criteria],
      request_id: pending?.requestId ?? null,
      expires_at: pending?.expiresAt ?? null,
      how_to_approve: pending === undefined ? null : howToApprove(pending.requestId),
      log_position: `${logPosition ?? (0n as LogPosition)}`,
    });
  };
