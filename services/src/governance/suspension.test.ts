import type { EventStore } from '@sentinel/contracts/kernel';
import { quantity } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { stillMarket } from '../execution/test-kit/still-market.ts';
import { testContext, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { run, testWorld, untilStepped } from '../kernel/workflow/test-world.ts';
import { governedDesk, type symbol } from './test-governed-desk.ts';

const human = { ...testContext.metadata, principal: 'human:ada' };
const opened = async (
  eventStore: EventStore = memoryEventStore({ now: () => tuesdayNoon }),
  options: Parameters<typeof governedDesk>[1] = {},
) => {
  const desk = governedDesk(eventStore, options);
  await desk.open();
  return desk;
};
const suspend = ({ governance }: Awaited<ReturnType<typeof opened>>, strategy = 'momentum_v1') =>
  governance.handlers.SuspendStrategy({ strategy, reason: 'it looks odd' }, testContext);

/** Asks for a return to the state before, and lets a human approve exactly that. */
const reinstate = async ({ governance, approvals }: Awaited<ReturnType<typeof opened>>) => {
  const asked = await governance.handlers.PromoteStrategy(
    { strategy: 'momentum_v1', target_state: 'paper', notes: 'looked into it' },
    testContext,
  );
  if (!asked.ok || asked.value.request_id === null) throw new Error(JSON.stringify(asked));
  const requestId = asked.value.request_id;
  const digest = (await approvals.find(requestId))?.digest ?? '';
  const by = { principal: 'human:ada', identifiedBy: 'call', through: 'tool' } as const;
  return approvals.answer({ requestId, digest, approves: true, by }, human);
};

describe('a suspension', () => {
  test('stops new entries once it is answered, leaves exits open, and says where it returns to', async () => {
    const desk = await opened();
    await desk.filled({});
    expect(await suspend(desk)).toMatchObject({
      ok: true,
      value: { state: 'suspended', returns_to: 'paper', already_suspended: false },
    });
    expect(await desk.codeOf({ qty: quantity.fromShares(3) })).toBe('KILL_STATE');
    expect(await desk.codeOf({ qty: quantity.fromShares(3), strategy_id: 'orb_v1' })).toBe('ok');
    expect(await desk.codeOf({ side: 'sell', qty: quantity.fromShares(10) })).toBe('ok');
    expect(await suspend(desk)).toMatchObject({ ok: true, value: { already_suspended: true } });
    expect(await suspend(desk, 'nope')).toMatchObject({
      ok: false,
      refusal: { code: 'UNKNOWN_STRATEGY' },
    });
  });

  test('denies an order that asked for its facts before it', async () => {
    let asked: () => void = () => undefined;
    let letThrough: () => void = () => undefined;
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    const still = stillMarket(tuesdayNoon);
    let isSlow = false;
    const slow = (market: MarketData): MarketData => ({
      ...market,
      freeze: () => slow(market.freeze()),
      quote: async (of) => {
        if (isSlow) {
          asked();
          await gate;
        }
        return market.quote(of);
      },
    });
    const desk = await opened(undefined, { still, market: slow(still.market) });
    await desk.filled({});
    isSlow = true;
    const racing = desk.codeOf({ symbol: 'MSFT' as typeof symbol });
    await waiting;
    expect(await suspend(desk)).toMatchObject({ ok: true });
    letThrough();
    // Its facts say that the strategy is on paper: the halt in the session's own stream is what stops it.
    expect(await racing).toBe('KILL_STATE');
  });

  test('ends by a human alone, and with it the halt', async () => {
    const desk = await opened();
    await suspend(desk);
    expect(
      await desk.handlers.RequestHaltRelease(
        { scope: 'strategy', target: 'momentum_v1', reason: 'let it trade again' },
        testContext,
      ),
    ).toMatchObject({ ok: false, refusal: { code: 'SUSPENDED' } });
    expect(await reinstate(desk)).toMatchObject({
      ok: true,
      value: { told: 'Approved. Strategy momentum_v1 is in state paper.' },
    });
    expect(await desk.codeOf()).toBe('ok');
    expect((await desk.control.load()).halts).toEqual([]);
  });

  test('is in force in the sessions that open later, and in the log of another process', async () => {
    const desk = await opened();
    await suspend(desk);
    desk.still.wait({ hours: 24 });
    expect(await desk.codeOf()).toBe('KILL_STATE');
    const other = governedDesk(desk.eventStore, { still: desk.still, ids: '018b' });
    await other.open();
    expect(await other.codeOf()).toBe('KILL_STATE');
  });

  test('is completed when the process dies between the strategy and the sessions', async () => {
    const world = testWorld();
    let dies = false;
    const dying: EventStore = {
      ...world.eventStore,
      appendToStream: (stream, ...rest) => {
        if (dies && !stream.startsWith('strategy-')) throw new Error('died');
        return world.eventStore.appendToStream(stream, ...rest);
      },
    };
    const desk = await opened(dying);
    await desk.filled({});
    dies = true;
    await expect(suspend(desk)).rejects.toThrow('died');
    const survivor = governedDesk(world.eventStore, { still: desk.still, ids: '018b' });
    await survivor.open();
    const running = run(
      world,
      survivor.governance.residents({
        metadata: () => testContext.metadata,
        drift: () => undefined,
      }),
    );
    await untilStepped(world, running);
    expect((await survivor.control.refresh()).halts).toMatchObject([
      { scope: 'strategy', target: 'momentum_v1', danger: 'STRATEGY_SUSPENDED' },
    ]);
    expect((await survivor.types(desk.session())).at(-1)).toBe('HaltEngaged');
  });
});

describe('retirement', () => {
  test('is asked for like a promotion, and is final', async () => {
    const desk = await opened();
    const to = (target_state: 'retired' | 'paper_approved') =>
      desk.governance.handlers.PromoteStrategy(
        { strategy: 'momentum_v1', target_state, notes: 'it has had its time' },
        testContext,
      );
    expect(await to('retired')).toMatchObject({ ok: true, value: { status: 'retired' } });
    expect(await to('retired')).toMatchObject({ ok: true });
    expect(await to('paper_approved')).toMatchObject({ ok: false, refusal: { code: 'RETIRED' } });
    expect(await desk.codeOf()).toBe('KILL_STATE');
  });
});

describe('a strategy that is not on paper', () => {
  test('gives no order leave, whatever stands in its stream', async () => {
    const desk = await opened();
    await desk.governance.handlers.CreateStrategy(
      {
        ...{ name: 'Fast momentum', description: 'Buys a breakout of ten bars.' },
        ...{ type: 'momentum_v1', parameters: { breakoutBars: 10 } },
      },
      testContext,
    );
    expect(await desk.codeOf({ strategy_id: 'fast_momentum' })).toBe('STRATEGY_STATE');
    await desk.eventStore.appendToStream(
      'strategy-momentum_v1' as never,
      [
        {
          ...{ id: desk.newId() as never, type: 'StrategyBlessed', schemaVersion: 7, data: {} },
          metadata: testContext.metadata,
        },
      ],
      'any',
    );
    expect(await desk.codeOf()).toBe('STRATEGY_STATE');
    expect(await desk.codeOf({ strategy_id: 'orb_v1' })).toBe('ok');
  });
});

describe('drift', () => {
  const watched = async () => {
    const world = testWorld();
    const desk = await opened(world.eventStore);
    const drifted: string[] = [];
    const running = run(
      world,
      desk.governance.residents({
        metadata: (workflow) => ({ ...testContext.metadata, principal: `system:${workflow}` }),
        drift: (strategy) => drifted.push(strategy),
      }),
    );
    const settle = () => untilStepped(world, running);
    return { world, desk, drifted, settle };
  };
  const level = async ({ desk }: Awaited<ReturnType<typeof watched>>) => {
    const checked = await desk.governance.handlers.CheckDrift(
      { strategy: 'momentum_v1' },
      testContext,
    );
    return checked.ok ? checked.value.level : checked.refusal.code;
  };

  test('that is critical suspends by itself, with the report, and a human lets it trade again', async () => {
    const house = await watched();
    const { desk, drifted, settle } = house;
    expect(await level(house)).toBe('insufficient');
    for (let n = 0; n < 6; n++) await desk.trade(1);
    await settle();
    expect(await level(house)).toBe('ok');
    for (let n = 0; n < 4; n++) await desk.trade(-1);
    await settle();
    expect(drifted).toEqual(['momentum_v1']);
    expect(await level(house)).toBe('critical');
    const types = await desk.types('strategy-momentum_v1');
    expect(types).toEqual(['StrategyRegistered', 'StrategySuspended']);
    expect(await desk.codeOf()).toBe('KILL_STATE');
    expect(await reinstate(desk)).toMatchObject({ ok: true });
    // What was seen before it was let go again does not suspend it once more.
    await desk.trade(-1);
    await settle();
    expect(await level(house)).toBe('insufficient');
    expect(drifted).toEqual(['momentum_v1']);
  }, 60_000);

  test('is nothing that a step whose lease is over can act on', async () => {
    const desk = await opened();
    for (let n = 0; n < 6; n++) await desk.trade(1);
    for (let n = 0; n < 4; n++) await desk.trade(-1);
    const residents = desk.governance.residents({
      metadata: () => testContext.metadata,
      drift: () => undefined,
    });
    const drift = residents.find(({ name }) => name === 'drift');
    const step = (fence: () => void) =>
      drift?.step({
        ...{ key: desk.session(), cause: undefined, fence },
        idFor: () => '01890000-0000-7000-8000-0000000000dd',
        signal: new AbortController().signal,
      });
    const lost = () => {
      throw new Error('the lease is lost');
    };
    await expect(step(lost)).rejects.toThrow('the lease is lost');
    expect(await desk.types('strategy-momentum_v1')).toEqual(['StrategyRegistered']);
    expect((await desk.control.refresh()).halts).toEqual([]);
    await step(() => undefined);
    expect(await desk.types('strategy-momentum_v1')).toContain('StrategySuspended');
  });

  test('that cannot be looked for is no "ok"', async () => {
    const { desk } = await watched();
    const broken = governedDesk(
      {
        ...desk.eventStore,
        readStream: async (stream, options) => {
          if (stream.startsWith('session-')) throw new Error('the store is gone');
          return desk.eventStore.readStream(stream, options);
        },
      },
      { still: desk.still, ids: '018c' },
    );
    await desk.trade(1);
    await expect(
      broken.governance.handlers.CheckDrift({ strategy: 'momentum_v1' }, testContext),
    ).rejects.toThrow('the store is gone');
  });
});
