import type { Handler } from '@sentinel/contracts';
import { accepted, type RecordedEvent, refused } from '@sentinel/contracts/kernel';
import { type MarketSource, tradingMode } from '@sentinel/contracts/market';
import type { LocatePlace } from '../kernel/index.ts';
import { type DecisionOptions, explainDecision, staleView } from './explain-decision.ts';
import { explainEvent } from './explain-event.ts';
import { explainFinding } from './explain-finding.ts';
import { findingEvent } from './judge-again.ts';

export type ExplainOptions = DecisionOptions & {
  readonly source: MarketSource;
  /** Where a classification, a signal or a scan stands, by an id of its own. */
  readonly locateFinding: LocatePlace;
  /** What an event says, in one line. */
  readonly sayEvent: (recorded: RecordedEvent) => string;
  /** How far the index has come that `locate` reads. */
  readonly logPosition: () => bigint;
};

/** Makes a past decision again over what was recorded, and tells it line by line. */
export const explainTrade =
  (options: ExplainOptions): Handler<'ExplainTrade'> =>
  async ({ audit_event_id: id, detail = 'note', min_position: minPosition }) => {
    if (minPosition !== undefined && !(await options.waitFor(minPosition))) return staleView;
    const common = () => ({
      mode: tradingMode(options.source),
      as_of_position: `${options.logPosition()}`,
    });
    const place = await options.locate(id);
    if (place !== undefined) {
      const decision = await explainDecision({ place, detail }, options);
      return decision.ok ? accepted({ ...decision.value, ...common() }) : decision;
    }
    const sources = { ...options, locate: options.locateFinding };
    const finding = await findingEvent(sources, id);
    if (finding !== undefined)
      return accepted({ ...(await explainFinding(finding, sources)), ...common() });
    const stream = await options.locateStory(id);
    const told = stream && (await explainEvent({ stream, id, detail }, options));
    if (told !== undefined) return accepted({ ...told, ...common() });
    return refused(
      'UNKNOWN_DECISION',
      'Nothing in the log has this id.',
      'Give the id of an event, a decision, an order, a halt, a request or a session; audit.recent_events lists them.',
    );
  };
