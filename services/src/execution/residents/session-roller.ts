import type { EventMetadata } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import type { Desk } from '../desk.ts';

/** How often the market's clock is looked at: a replay runs fast. */
const lookEveryMs = 250;

/** Closes an account's session when its date is over, and opens the next one from its books. */
export const sessionRoller = (
  { account, under }: Pick<Desk, 'account' | 'under'>,
  metadata: () => EventMetadata,
): Workflow => ({
  name: `sessions-${account}`,
  concerns: () => undefined,
  keys: () => [account],
  step: async ({ fence }) => {
    const current = await under(fence).sessions.current(metadata());
    if (!current.ok) throw new Error(`${current.refusal.code}: ${current.refusal.message}`);
    return { againMs: lookEveryMs };
  },
});
