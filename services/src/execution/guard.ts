import type { Digest, EventMetadata, HaltId, StreamName } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { idFrom } from '../kernel/index.ts';
import { type Danger, dangerKey, dangersOf } from './dangers.ts';
import type { Halting } from './halting.ts';
import { quotesOf } from './quotes-of.ts';
import type { Session } from './session/index.ts';
import type { Sessions } from './sessions.ts';

/** Halts the account, a strategy or a symbol by itself when it is in danger. */
export type Guard = {
  /** Looks once at a session; answers the halts that it engaged, by code. */
  readonly watch: (stream: StreamName) => Promise<readonly string[]>;
};

/**
 * A danger halts once in a session: when a human releases the halt, it is not engaged again for the
 * same cause before the next session.
 */
export const riskGuard = (options: {
  readonly sessions: Pick<Sessions, 'load'>;
  readonly market: MarketData;
  readonly halting: Pick<Halting, 'engage'>;
  /** Wall clock: by which halts are dated, since they concern people. */
  readonly now: () => Temporal.Instant;
  readonly digest: Digest;
  readonly metadata: () => EventMetadata;
}): Guard => {
  const { sessions, market, halting, now, digest, metadata } = options;

  const haltFor = (danger: Danger, session: Session, stream: StreamName) => ({
    // The same danger of the same session is the same halt, whoever finds it and however often.
    haltId: idFrom(digest, `${stream} ${dangerKey(danger)}`) as HaltId,
    scope: danger.scope,
    target: danger.target,
    account: session.account,
    reason: danger.message,
    danger: danger.code,
    engagedBy: 'system:guard',
    engagedAt: now(),
  });

  return {
    watch: async (stream) => {
      const { state } = await sessions.load(stream);
      if (state.phase !== 'open') return [];
      const quotes = await quotesOf(market, [...state.positions.keys()]);
      const at = market.now();
      const isOpen = market.session(at).state === 'open';
      const engaged: string[] = [];
      for (const danger of dangersOf(state, { at, isOpen, quotes })) {
        if (state.guarded.includes(dangerKey(danger))) continue;
        const outcome = await halting.engage(haltFor(danger, state, stream), metadata());
        if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
        if (outcome.value.events.length > 0) engaged.push(danger.code);
      }
      return engaged;
    },
  };
};
