import {
  type EventMetadata,
  exchangeMidnight,
  type HaltId,
  type Outcome,
  type StreamName,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { Halt } from '@sentinel/contracts/risk';
import type { WorkflowStep } from '../../kernel/index.ts';
import { lastPrices } from '../../market/index.ts';
import { type Danger, dangerKey, dangersOf, type GuardedAccount } from './dangers.ts';

/** Halts the account, a strategy or a symbol by itself when it is in danger. */
export type Guard = {
  /** Looks once at a session; answers the halts that it engaged, by code. */
  readonly watch: (step: Pick<WorkflowStep, 'key' | 'idFor'>) => Promise<readonly Danger['code'][]>;
};

/**
 * A danger halts once in a session: when a human releases the halt, it is not engaged again for the
 * same cause before the next session.
 */
export const riskGuard = (options: {
  /** The account as its session stands; undefined while that is not open. */
  readonly load: (stream: StreamName) => Promise<GuardedAccount | undefined>;
  readonly market: MarketData;
  readonly halting: {
    readonly engage: (
      halt: Halt,
      metadata: EventMetadata,
    ) => Promise<Outcome<{ readonly events: readonly unknown[] }>>;
  };
  /** Wall clock: by which halts are dated, since they concern people. */
  readonly now: () => Temporal.Instant;
  readonly metadata: () => EventMetadata;
}): Guard => {
  const { load, market, halting, now, metadata } = options;

  const haltFor = (danger: Danger, { account }: GuardedAccount, haltId: string): Halt => ({
    haltId: haltId as HaltId,
    scope: danger.scope,
    target: danger.target,
    account,
    reason: danger.message,
    danger: danger.code,
    engagedBy: 'system:guard',
    engagedAt: now(),
  });

  return {
    watch: async ({ key, idFor }) => {
      const guarded = await load(key as StreamName);
      if (guarded === undefined) return [];
      const frozen = market.freeze();
      const prices = await lastPrices(frozen, [...guarded.positions.keys()]);
      const at = frozen.now();
      const { date, state, opensAt } = frozen.session(at);
      // What the next session opens at is no loss of the one that has ended and is yet to be closed.
      if (date !== guarded.date) return [];
      const watched = { at, prices, opensAt, isOpen: state === 'open' };
      const engaged: Danger['code'][] = [];
      for (const danger of dangersOf(guarded, watched)) {
        if (guarded.guarded.includes(dangerKey(danger))) continue;
        // The same danger of the same session is the same halt, whoever finds it and however often.
        const haltId = idFor(exchangeMidnight(guarded.date), dangerKey(danger));
        const outcome = await halting.engage(haltFor(danger, guarded, haltId), metadata());
        if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
        if (outcome.value.events.length > 0) engaged.push(danger.code);
      }
      return engaged;
    },
  };
};
