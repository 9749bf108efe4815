import type { StreamName } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import type { Desk } from '../desk.ts';
import type { SessionState } from '../session/index.ts';
import { sessionOfAccount } from './session-streams.ts';

/** How soon an order is looked at again that waits for the venue's answer, and how often resting ones are. */
const answerDueMs = 25;
const restingMs = 250;

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

/** Takes an account's working orders to its venue, for as long as there are any. */
export const venueWorkflow = ({ account, sessions, broker }: Desk): Workflow => ({
  name: `venue-${account}`,
  concerns: sessionOfAccount(account, wakes),
  step: async ({ key }) => {
    const stream = key as StreamName;
    if ((await broker.look(stream)) === 0) return undefined;
    const { state } = await sessions.load(stream);
    return { againMs: waitsForAnswer(state) ? answerDueMs : restingMs };
  },
});
