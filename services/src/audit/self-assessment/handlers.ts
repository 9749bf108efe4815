import type { Handlers } from '@sentinel/contracts';
import { accepted, type EventStore, refused } from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import type { ExportOptions } from '../export-events.ts';
import { readPart } from '../read-part.ts';
import { approvalsOf, type VerifyApproval } from './approvals.ts';
import { decisionsOf, overridesOf, stopsOf } from './decisions.ts';
import { gapsOf } from './gaps.ts';
import { regimeOf, slippageOf } from './outcomes.ts';
import { understood } from './period.ts';
import { verdictsOf } from './verdicts.ts';

export type SelfAssessmentOptions = {
  readonly eventStore: Pick<EventStore, 'readAll' | 'readStream'>;
  readonly verifyApproval: VerifyApproval;
  readonly source: MarketSource;
  readonly recordedBetween: ExportOptions['recordedBetween'];
  /** Wall clock: a period is one of recording. */
  readonly now: () => Temporal.Instant;
};

/** Events that one report reads at the most. */
const mostEvents = 20_000;
const hoursByDefault = 30 * 24;

/** How the house's own decisions did, by nothing but what is recorded. */
export const selfAssessmentHandlers = ({
  eventStore,
  verifyApproval,
  source,
  recordedBetween,
  now,
}: SelfAssessmentOptions): Handlers<'AssessSelf'> => ({
  AssessSelf: async ({ start, end }) => {
    const until = end ?? now();
    const from = start ?? until.subtract({ hours: hoursByDefault });
    const part = await recordedBetween(from, end);
    const found = part === undefined ? [] : await readPart(eventStore, part, mostEvents);
    const recorded = found.slice(0, mostEvents);
    const last = recorded.at(-1);
    if (last === undefined)
      return refused(
        'NOTHING_RECORDED',
        'Nothing was recorded in this period.',
        'Name another one; audit.recent_events shows the newest.',
      );
    const { seen, unread } = understood(recorded);
    const left = found[mostEvents];
    const measured = {
      ...{ mode: tradingMode(source), from, until, events_count: recorded.length },
      decisions: decisionsOf(seen),
      overrides: overridesOf(seen),
      stops: stopsOf(seen),
      slippage: slippageOf(seen),
      regime: regimeOf(seen),
      gaps: gapsOf(seen, recorded),
      approvals: await approvalsOf(seen, { eventStore, verifyApproval }),
      unread: [
        ...unread,
        ...(left === undefined
          ? []
          : [
              {
                what: `everything from ${left.recordedAt} on: a report reads ${mostEvents} events`,
                count: found.length - mostEvents,
                first_event_id: left.id,
              },
            ]),
      ],
      as_of_position: `${last.logPosition}`,
    };
    return accepted({ ...measured, verdicts: [...verdictsOf(measured)] });
  },
});
