import { type EventId, quantity, type StreamName } from '@sentinel/contracts/kernel';
import type { Quote, Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { describe, expect, test } from 'vitest';
import { noon, nvda, quoteOf } from '../../risk/fixtures.ts';
import { dangersOf, type Watched } from '../../risk/guard/dangers.ts';
import { tradingDay } from '../session/test-day.ts';
import {
  guardStep,
  testContext,
  testDesk,
  testMarkets,
  testYes,
  tuesdayNoon,
} from '../test-kit/test-desk.ts';

const stream = 'session-paper-2026-03-03' as StreamName;
const pricesOf = ({ symbol, last: price, at }: Quote): Watched['prices'] =>
  new Map([[symbol, { price, at }]]);
const watched = (prices: string, rest: Partial<Watched> = {}): Watched => ({
  at: noon,
  isOpen: true,
  opensAt: null,
  prices: pricesOf(quoteOf(nvda, prices)),
  ...rest,
});
const codesOf = (day: ReturnType<typeof tradingDay>, given: Watched) =>
  dangersOf(day.session(), given).map(({ code, scope, target }) => [code, scope, target].join(' '));

describe.each(testMarkets)('the guard of a market that answers %s', (_, marketAt) => {
  const losing = async () => {
    const desk = testDesk(memoryEventStore({ now: () => tuesdayNoon }), {
      limits: { maxDailyDrawdownBps: 5 },
      still: marketAt(tuesdayNoon),
    });
    await desk.open(desk.limits);
    await desk.order({ symbol: 'NVDA' as Ticker, qty: quantity.fromShares(40) });
    desk.still.wait({ seconds: 1 });
    await desk.routing.step(stream);
    desk.still.move({ bid: '98', ask: '98.02' });
    desk.still.wait({ seconds: 40 });
    return desk;
  };

  test('halts everything but exits when the day is lost', async () => {
    const desk = await losing();
    expect(await desk.guard.watch(guardStep(stream))).toEqual(['DAILY_LOSS']);
    const [halt] = (await desk.control.load()).halts;
    expect(halt).toMatchObject({
      ...{ scope: 'account', account: 'paper', engagedBy: 'system:guard', danger: 'DAILY_LOSS' },
    });
    expect(halt?.reason).toMatch(/^The account lost 8\d/);
    const bought = await desk.order({ symbol: 'MSFT' as Ticker, qty: quantity.fromShares(1) });
    expect(bought).toMatchObject({ ok: false, refusal: { code: 'KILL_STATE' } });
    const sold = await desk.order({
      symbol: 'NVDA' as Ticker,
      side: 'sell',
      qty: quantity.fromShares(40),
    });
    expect(sold.ok).toBe(true);
  });

  test('halts once for one cause: what a human releases stays released in this session', async () => {
    const desk = await losing();
    await desk.guard.watch(guardStep(stream));
    const release = { scope: 'account' as const, reason: 'I have looked at it' };
    const request = await desk.handlers.RequestHaltRelease(release, testContext);
    if (!request.ok) throw new Error(request.refusal.code);
    const { request_id: requestId } = request.value;
    const found = await desk.approvals.find(requestId);
    if (found === undefined) throw new Error('nothing to approve');
    const approval = { requestId, digest: found.digest, ...testYes };
    expect((await desk.approvals.answer(approval, testContext.metadata)).ok).toBe(true);
    expect((await desk.control.load()).halts).toEqual([]);
    desk.still.wait({ seconds: 5 });
    expect(await desk.guard.watch(guardStep(stream))).toEqual([]);
  });

  test('finds nothing on an ordinary day', async () => {
    const desk = testDesk(memoryEventStore({ now: () => tuesdayNoon }), {
      still: marketAt(tuesdayNoon),
    });
    await desk.open(desk.limits);
    await desk.order({ symbol: 'NVDA' as Ticker, qty: quantity.fromShares(10) });
    desk.still.wait({ seconds: 1 });
    await desk.routing.step(stream);
    expect(await desk.guard.watch(guardStep(stream))).toEqual([]);
  });
});

describe('a danger', () => {
  const held = (limits = {}) => {
    const day = tradingDay({ limits: { maxDailyDrawdownBps: 100_000, ...limits } });
    day.place({ shares: 100 });
    day.quote('100/100', 1);
    return day;
  };

  test('is a day lost to the limit, and not a micro-dollar less', () => {
    // One per cent of a million dollars is 10,000: a hundred dollars on each of a hundred shares.
    const day = held({ maxDailyDrawdownBps: 10 });
    expect(codesOf(day, watched('90.01/90.02'))).toEqual([]);
    expect(codesOf(day, watched('90/90.01'))).toEqual(['DAILY_LOSS account ']);
  });

  test('is equity below the maintenance margin', () => {
    const day = tradingDay({
      limits: {
        maxDailyDrawdownBps: 1_000_000,
        maxPositionBps: 1_000_000,
        maxGrossExposureBps: 1_000_000,
      },
    });
    day.place({ shares: 9_000, side: 'sell_short' });
    day.quote('100/100', 1, { shares: 9_000 });
    // At 146.15 equity is 584,650 and three tenths of what is owed are 394,605; at 161.54, 446,140 and 436,158.
    expect(codesOf(day, watched('161.5/161.6'))).toEqual([]);
    expect(codesOf(day, watched('162.4/162.5'))).toEqual(['MARGIN_CALL account ']);
  });

  test('is a quote that is missing or old for what is held, while the market is open', () => {
    const day = held();
    const old = watched('100/100', { at: noon.add({ seconds: 61 }) });
    expect(codesOf(day, old)).toEqual(['STALE_DATA symbol NVDA']);
    expect(codesOf(day, { ...old, isOpen: false })).toEqual([]);
    expect(codesOf(day, watched('100/100', { at: noon.add({ seconds: 60 }) }))).toEqual([]);
  });

  test('is a symbol that has not traded since the opening, once it had its time to', () => {
    const day = held();
    const opensAt = noon.add({ hours: 1 });
    const after = (seconds: number, prices: Watched['prices'] = new Map()) =>
      codesOf(day, watched('100/100', { opensAt, at: opensAt.add({ seconds }), prices }));
    const yesterdays = pricesOf(quoteOf(nvda, '100/100'));
    expect([after(0), after(60), after(0, yesterdays), after(60, yesterdays)]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(after(61)).toEqual(['STALE_DATA symbol NVDA']);
    expect(after(61, yesterdays)).toEqual(['STALE_DATA symbol NVDA']);
  });

  test('is a loss at the last price known, where the market has none now', () => {
    const day = held({ maxDailyDrawdownBps: 10 });
    const unseen = codesOf(day, watched('80/80.02', { prices: new Map() }));
    expect(unseen).not.toContain('DAILY_LOSS account ');
    const seen = pricesOf(quoteOf(nvda, '80/80.02'));
    expect(codesOf(day, watched('80/80.02', { prices: seen }))).toContain('DAILY_LOSS account ');
  });

  test('is a venue that rejects five of the last twenty orders', () => {
    const faults = {
      rejectBps: 10_000,
      timeoutBps: 0,
      duplicateFillBps: 0,
      lateFillBps: 0,
      disconnectBps: 0,
    };
    const day = tradingDay({ venue: { faults } });
    for (let n = 0; n < 5; n++) {
      expect(codesOf(day, watched('100/100'))).toEqual([]);
      day.place({ shares: 1 }, n);
      day.quote('100/100', n + 0.5);
    }
    expect(codesOf(day, watched('100/100'))).toEqual(['REJECT_RATE account ']);
  });

  test('is an outcome that stays unknown', () => {
    const faults = {
      rejectBps: 0,
      timeoutBps: 10_000,
      duplicateFillBps: 0,
      lateFillBps: 0,
      disconnectBps: 0,
    };
    const day = tradingDay({
      venue: { faults },
      limits: { restricted: { symbols: [], notShortable: [] } },
    });
    day.place({ shares: 1 });
    day.quote('100/100', 1);
    expect(codesOf(day, watched('100/100'))).toEqual([]);
    day.take({ type: 'AdoptLimits', document: day.session().limits, at: noon });
    expect(() => day.place({ shares: 1 }, 70)).toThrow('UNRESOLVED_ORDER');
    expect(codesOf(day, watched('100/100'))).toEqual(['UNRESOLVED_ORDER symbol NVDA']);
  });

  test('is a strategy that trades too often, and it is the strategy that halts', () => {
    const day = tradingDay();
    const strategy = {
      strategy: {
        strategyId: 'x',
        state: 'paper',
        eventId: '01890000-0000-7000-8000-0000000000bb' as EventId,
      },
    };
    for (let n = 0; n < 5; n++) day.place({ shares: 1 + n, strategyId: 'x' }, n, strategy);
    expect(codesOf(day, watched('100/100'))).toEqual([]);
    expect(() => day.place({ shares: 9, strategyId: 'x' }, 6, strategy)).toThrow(
      'REPEATED_EXECUTION',
    );
    expect(codesOf(day, watched('100/100'))).toEqual(['REPEATED_EXECUTION strategy x']);
  });
});
