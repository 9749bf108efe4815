import type { Handlers } from '@sentinel/contracts';
import type { EventMetadata, StreamName } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { dangerKey, dangersOf } from './dangers.ts';
import { quotesOf } from './quotes-of.ts';
import type { Sessions } from './sessions.ts';

/** Halts the account, a strategy or a symbol by itself when it is in danger. */
export type Guard = {
  /** Looks once at a session; answers the halts that it engaged, by code. */
  readonly watch: (stream: StreamName) => Promise<readonly string[]>;
};

/** Market time between two looks at one session. */
const restMs = 1_000;

/**
 * A danger halts once in a session: when a human releases the halt, it is not engaged again for the
 * same cause before the next session.
 */
export const riskGuard = (options: {
  readonly sessions: Pick<Sessions, 'load'>;
  readonly market: MarketData;
  readonly engage: Handlers<'EngageHalt'>['EngageHalt'];
  readonly metadata: () => EventMetadata;
}): Guard => {
  const { sessions, market, engage, metadata } = options;
  const lastLooks = new Map<StreamName, number>();
  return {
    watch: async (stream) => {
      const at = market.now();
      const since = at.epochMilliseconds - (lastLooks.get(stream) ?? Number.NEGATIVE_INFINITY);
      if (since < restMs) return [];
      lastLooks.clear();
      lastLooks.set(stream, at.epochMilliseconds);
      const { state } = await sessions.load(stream);
      if (state.phase !== 'open') return [];
      const quotes = await quotesOf(market, [...state.positions.keys()]);
      const isOpen = market.session(at).state === 'open';
      const engaged: string[] = [];
      for (const danger of dangersOf(state, { at, isOpen, quotes })) {
        if (state.guarded.includes(dangerKey(danger))) continue;
        const { scope, target, code, message } = danger;
        const reason = `${code}: ${message}`;
        const outcome = await engage(
          { scope, ...(target !== null && { target }), reason },
          { metadata: metadata(), signal: AbortSignal.any([]), progress: () => undefined },
        );
        if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
        if (!outcome.value.already_engaged) engaged.push(code);
      }
      return engaged;
    },
  };
};
