import {
  type EventStore,
  EventStoreUnavailable,
  type HaltId,
  quantity,
  streamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { Halt, HaltScope } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { haltsOf } from '../../risk/index.ts';
import { stillMarket } from '../test-kit/still-market.ts';
import { testContext, testDesk, testYes, tuesdayNoon } from '../test-kit/test-desk.ts';

const session = streamName('session', 'paper-2026-03-03');
const haltOf = (n: number, scope: HaltScope, target: string | null): Halt => ({
  haltId: `01890000-0000-7000-8000-0000000000${n.toString(16).padStart(2, '0')}` as HaltId,
  scope,
  target,
  ...(scope !== 'global' && { account: 'paper' }),
  reason: 'a halt in a test',
  engagedBy: 'local:test',
  engagedAt: tuesdayNoon,
});

type Death = { readonly append: number; readonly takesEffect: boolean; readonly gasps: number };

/**
 * A store that dies at its n-th append: before it takes effect, or after, when nobody learns so. Some
 * that were on their way beside it may take effect still.
 */
const dyingAt = (store: EventStore, at: Death): EventStore => {
  let appends = 0;
  return {
    ...store,
    appendToStream: async (...call) => {
      appends += 1;
      if (appends > at.append + at.gasps) throw new EventStoreUnavailable('the process is dead');
      if (appends !== at.append) return store.appendToStream(...call);
      if (at.takesEffect) await store.appendToStream(...call);
      throw new EventStoreUnavailable('the process died here');
    },
  };
};

type Deed = { readonly what: 'engage' | 'release' | 'order'; readonly n: number };
const targets = [
  ['global', null],
  ['account', null],
  ['symbol', 'NVDA'],
  ['symbol', 'MSFT'],
] as const;

const lives = async (desk: ReturnType<typeof testDesk>, deeds: readonly Deed[]): Promise<void> => {
  for (const [index, { what, n }] of deeds.entries()) {
    const [scope, target] = targets[n % targets.length] as (typeof targets)[number];
    if (what === 'engage') {
      await desk.halting.engage(haltOf(index + 1, scope, target), testContext.metadata);
    } else if (what === 'order') {
      await desk.order({ symbol: 'AAPL' as Ticker, qty: quantity.fromShares(1 + index) });
    } else {
      const named = { scope, ...(target !== null && { target }) };
      const reason = 'it may go on now';
      const asked = await desk.handlers.RequestHaltRelease({ ...named, reason }, testContext);
      if (!asked.ok) continue;
      const { request_id: requestId } = asked.value;
      const digest = (await desk.approvals.find(requestId))?.digest ?? '';
      const approval = { requestId, digest, ...testYes };
      await desk.approvals.answer(approval, testContext.metadata);
    }
  }
};

const idsOf = (halts: readonly Halt[]) => halts.map(({ haltId }) => haltId).sort();

describe('a halt', () => {
  test('stands in control and session alike once a process that died is followed by another', async () => {
    const deeds = fc.array(
      fc.record({ what: fc.constantFrom('engage', 'release', 'order'), n: fc.nat(3) }) as never,
      { minLength: 1, maxLength: 8 },
    ) as fc.Arbitrary<Deed[]>;
    const death: fc.Arbitrary<Death> = fc.record({
      append: fc.integer({ min: 1, max: 24 }),
      takesEffect: fc.boolean(),
      gasps: fc.nat(1),
    });
    await fc.assert(
      fc.asyncProperty(deeds, death, async (all, at) => {
        const store = memoryEventStore({ now: () => tuesdayNoon });
        const still = stillMarket(tuesdayNoon);
        const first = testDesk(dyingAt(store, at), { still });
        const engaged = await first
          .open(first.limits)
          .then(() => first.order({ symbol: 'AAPL' as Ticker, qty: quantity.fromShares(50) }))
          .then(() => lives(first, all))
          .catch((error: unknown) => {
            if (!(error instanceof EventStoreUnavailable)) throw error;
          });
        expect(engaged).toBe(undefined);
        const second = testDesk(store, { still, ids: '018f' });
        await second.open(second.limits);
        await second.order({ symbol: 'AAPL' as Ticker, qty: quantity.fromShares(51) });
        const { state } = await second.sessions.load(session);
        if (state.phase !== 'open') throw new Error('no session');
        const wanted = haltsOf(await second.control.load(), 'paper');
        expect(idsOf(state.halts)).toEqual(idsOf(wanted));
      }),
      { numRuns: propertyRuns(150) },
    );
  });

  test('is one halt, whoever engages it at the same time and in whichever process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const store = memoryEventStore({ now: () => tuesdayNoon });
        const scheduled: EventStore = {
          ...store,
          appendToStream: (...call) =>
            scheduler.schedule(Promise.resolve()).then(() => store.appendToStream(...call)),
        };
        const still = stillMarket(tuesdayNoon);
        const left = testDesk(scheduled, { still, ids: '018a' });
        const right = testDesk(scheduled, { still, ids: '018b' });
        await scheduler.waitFor(left.open(left.limits));
        const first = left.order({ symbol: 'AAPL' as Ticker, qty: quantity.fromShares(1) });
        await scheduler.waitFor(first);
        const asked = { scope: 'symbol', target: 'NVDA', reason: 'two at the same time' } as const;
        const both = [left, right].map((desk) => desk.handlers.EngageHalt(asked, testContext));
        const answers = await scheduler.waitFor(Promise.all(both));
        const ids = answers.map((answer) => (answer.ok ? answer.value.halt_id : 'refused'));
        expect(new Set(ids).size).toBe(1);
        const { state } = await right.store.refresh(session);
        expect(state.phase === 'open' && idsOf(state.halts)).toEqual([ids[0]]);
      }),
      { numRuns: propertyRuns(100) },
    );
  });
});
