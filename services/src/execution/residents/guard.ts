import type { StreamName } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import type { Desk } from '../desk.ts';
import { sessionOfAccount } from './session-streams.ts';

/** Orders and fills that come within this moment are looked at together. */
const gatherMs = 20;
/** How often prices alone are looked at; what happens to orders is looked at at once. */
const watchEveryMs = 250;

const wakes = [
  'TradingEnabled',
  'RiskAssessed',
  'OrderRejected',
  'OrderOutcomeUnknown',
  'OrderPartiallyFilled',
  'OrderFilled',
] as const;

/** Watches over an account as long as its session is open. */
export const guardWorkflow = (
  { account, under }: Pick<Desk, 'account' | 'under'>,
  /** Called when the guard has halted something, with the code of the danger. */
  onHalt: (code: string) => void,
): Workflow => ({
  name: `guard-${account}`,
  concerns: sessionOfAccount(account, wakes),
  gatherMs,
  step: async (step) => {
    const { sessions, guard } = under(step.fence);
    await sessions.load(step.key as StreamName, step.cause?.version);
    for (const code of await guard.watch(step)) onHalt(code);
    const { state } = await sessions.load(step.key as StreamName);
    return state.phase === 'open' ? { againMs: watchEveryMs } : undefined;
  },
});
