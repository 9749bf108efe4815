import type { VenueReport } from '@sentinel/contracts/execution';
import type { StreamName } from '@sentinel/contracts/kernel';
import { boundedCache } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import type { Desk } from '../desk.ts';
import type { SessionState } from '../session/index.ts';
import { sessionOfAccount } from './session-streams.ts';

/** Orders that come within this moment go to the venue together, and what it says is taken together. */
const gatherMs = 20;
/** How soon an order is looked at again that waits for the venue's answer, and how often resting ones are. */
const answerDueMs = 25;
const restingMs = 250;

/** Sessions of one account that are open, or were shortly before. */
const rememberedSessions = 8;

/** What gives the venue something to do. */
const wakes = [
  'TradingEnabled',
  'OrderSubmitted',
  'OrderPendingCancel',
  'OrderPendingReplace',
  'OrderOutcomeUnknown',
  'CorporateActionApplied',
] as const;

const waitsForAnswer = (state: SessionState): boolean =>
  state.phase === 'open' &&
  state.working
    .values()
    .some(
      ({ status }) =>
        status === 'submitted' || status === 'pending_cancel' || status === 'pending_replace',
    );

/**
 * Takes an account's working orders to its venue, for as long as there are any. The first step of each
 * session takes what the venue has said while nobody listened.
 */
export const venueWorkflow = (
  { account, under }: Pick<Desk, 'account' | 'under'>,
  /** Called with what the venue reports of orders that the session never had. */
  onUnmatched: (report: VenueReport) => void,
): Workflow => {
  const recovered = boundedCache<string, true>(rememberedSessions);
  return {
    name: `venue-${account}`,
    concerns: sessionOfAccount(account, wakes),
    gatherMs,
    step: async ({ key, cause, fence }) => {
      const { sessions, routing } = under(fence);
      const stream = key as StreamName;
      // What called may be of another process, of which this one has seen nothing else.
      await sessions.load(stream, cause?.version);
      if (recovered.get(stream) === undefined)
        for (const report of await routing.recover(stream)) onUnmatched(report);
      recovered.set(stream, true);
      const { working, unmatched } = await routing.step(stream);
      for (const report of unmatched) onUnmatched(report);
      if (working === 0) return undefined;
      const { state } = await sessions.load(stream);
      return { againMs: waitsForAnswer(state) ? answerDueMs : restingMs };
    },
  };
};
