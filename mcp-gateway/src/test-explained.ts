import { expect } from 'vitest';
import type { Answer } from './test-client.ts';

type Call = (name: string, args?: object) => Promise<Answer>;

/** The rule by which the list of tools is measured, too. */
const charactersPerToken = 3.5;

/** Every id that a page of events shows: its own, that of its order and decision, and the session's. */
const idsOf = ({ events }: Answer): readonly string[] =>
  events.flatMap(({ event_id, order_id, decision_id, stream }: Answer) => [
    ...[event_id, order_id, decision_id].filter((id) => id !== null),
    ...(stream.startsWith('session-') ? [stream] : []),
  ]);

/** Explains every id that audit.recent_events shows, and answers the types of what was explained. */
export const explainEverything = async (call: Call): Promise<ReadonlySet<string>> => {
  const types = new Set<string>();
  const explained = new Set<string>();
  let cursor: string | undefined;
  do {
    const args = { detail: 'full', limit: 100, ...(cursor !== undefined && { cursor }) };
    const page = await call('audit_recent_events', args);
    for (const { type } of page.events) types.add(type);
    for (const id of idsOf(page)) {
      if (explained.has(id)) continue;
      explained.add(id);
      const answer = await call('audit_explain_trade', { audit_event_id: id });
      expect(answer.headline.length, id).toBeGreaterThan(10);
      expect(answer.narrative.length, id).toBeGreaterThan(0);
      expect(answer.re_executed.result, id).not.toBe('different');
      const tokens = JSON.stringify(answer).length / charactersPerToken;
      expect(tokens, `${id}: ${answer.headline}`).toBeLessThanOrEqual(1_200);
    }
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return types;
};
