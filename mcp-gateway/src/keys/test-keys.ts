import type { Ability } from '@sentinel/contracts/access';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { newId } from '@sentinel/infra/runtime';
import { grantRoom, keyRoom, lastUses } from '@sentinel/services/access';
import { type Hand, issueKey } from './hand-out.ts';

const begin = Temporal.Instant.from('2026-03-03T17:00:00Z');
const by = {
  principal: 'operator-key:1f',
  identifiedBy: 'operator_key',
  through: 'command',
} as const;
const noLimits = { symbols: null, accounts: null, maxOrderValue: null, maxDayValue: null } as const;

/** Keys and grants over a log in memory, with a clock that the test turns. */
export const testKeys = () => {
  let at = begin;
  const now = () => at;
  const pepper = 'p'.repeat(43);
  const eventStore = memoryEventStore({ now });
  const shared = { eventStore, newId, now, writesAlone: true, tell: async () => undefined };
  const keys = keyRoom(shared);
  const grants = grantRoom(shared);
  const uses = lastUses(now);
  const hand = (): Hand => {
    const correlationId = newId();
    const metadata = { principal: by.principal, client: 'keys', tool: 'keys', correlationId };
    return {
      ...{ keys, grants, pepper, newId, by, at },
      metadata: { ...metadata, causationId: correlationId },
    };
  };
  return {
    ...{ eventStore, keys, grants, pepper, now, hand, begin },
    turnTo: (instant: Temporal.Instant) => {
      at = instant;
    },
    /** What a gateway is let in by. */
    house: {
      ...{ keys, grants, lastUses: uses },
      access: { newest: grants.newest, account: 'paper', used: uses.note, now },
    },
    issue: async (abilities: readonly Ability[], expiresAt: Temporal.Instant | null = null) => {
      const terms = { ...noLimits, abilities: [...abilities], expiresAt };
      const issued = await issueKey({ label: 'batch', terms }, hand());
      if (!issued.ok) throw new Error(issued.refusal.message);
      return issued.value;
    },
  };
};
