import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import type { Desk } from '../desk.ts';
import { sessionOfAccount } from './session-streams.ts';

/** How soon it is looked again whether the venue has let go, and how often at a market that must come first. */
const underWayMs = 25;
const waitingMs = 500;

const wakes = [
  'TradingEnabled',
  'WindDownRequested',
  'OrderCanceled',
  'OrderFilled',
  'OrderExpired',
  'OrderRejected',
] as const;

/** Goes on with what somebody asked to be wound down until it is done, whoever asked and whatever died. */
export const windDownWorkflow = (
  { account, under }: Pick<Desk, 'account' | 'under'>,
  metadata: () => EventMetadata,
): Workflow => ({
  name: `wind-down-${account}`,
  concerns: sessionOfAccount(account, wakes),
  step: async ({ key, cause, fence }) => {
    const { sessions, way } = under(fence);
    const stream = key as StreamName;
    await sessions.load(stream, cause?.version);
    const progress = await way.step(stream, metadata());
    if (progress === 'idle') return undefined;
    return { againMs: progress === 'under_way' ? underWayMs : waitingMs };
  },
});
