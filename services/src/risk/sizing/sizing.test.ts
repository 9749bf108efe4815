import { money, price, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { type SizingCap, sizingCaps } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { assess } from '../assess.ts';
import {
  buy,
  held,
  limitsWith,
  marginLimits,
  markAt,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  ordinaryLimits,
  quoteOf,
} from '../fixtures.ts';
import { type SizingInput, sizePosition } from './sizing.ts';

const msft = 'MSFT' as Ticker;
const calm = { label: 'trending_bull', tradeabilityBps: 8_000 } as const;
/** Limits under which nothing binds but what a test narrows. */
const wide = {
  ...ordinaryLimits,
  maxSlippageBps: 0,
  maxPositionBps: 100_000,
  maxGrossExposureBps: 100_000,
  maxOrderVolumeBps: 10_000,
  order: {
    maxValue: money.of('100000000'),
    maxValueBps: 100_000,
    maxQuantity: quantity.of('1000000'),
  },
};
const given = (rest: Partial<SizingInput> = {}): SizingInput => ({
  intent: buy(1, { orderType: 'limit', limitPrice: price.of('100') }),
  entry: price.of('100'),
  stop: price.of('98'),
  confidenceBps: 10_000,
  regime: calm,
  facts: ordinaryFacts({ estimatedFees: money.zero, quote: quoteOf(nvda, '99.98/100') }),
  limits: wide,
  account: ordinaryAccount({ cash: money.of('1000000') }),
  ...rest,
});
const sharesOf = (rest: Partial<SizingInput>) => quantity.format(sizePosition(given(rest)).shares);
const bindingOf = (rest: Partial<SizingInput>) => sizePosition(given(rest)).binding;

describe('the size of a position', () => {
  test('is the risk budget over the distance to the stop', () => {
    // One per cent of a million is 10,000 dollars, at two dollars a share.
    expect(sharesOf({})).toBe('5000');
    expect(bindingOf({})).toBe('risk');
  });

  test('counts slippage both ways into what a share may lose', () => {
    // Ten basis points of 100 dollars, twice: 2.20 a share.
    expect(sharesOf({ limits: { ...wide, maxSlippageBps: 10 } })).toBe('4545');
  });

  test.each([
    [
      'half in a wild market',
      { regime: { label: 'high_vol_unstable', tradeabilityBps: 1_500 } },
      '2500',
    ],
    [
      'half when the whole market falls',
      { regime: { label: 'risk_off', tradeabilityBps: 2_000 } },
      '2500',
    ],
    ['half when the regime is not known', { regime: null }, '2500'],
    [
      'half at least in a doubtful one',
      { regime: { label: 'unknown', tradeabilityBps: 3_000 } },
      '2500',
    ],
    ['0.70 at a confidence of one half and below', { confidenceBps: 5_000 }, '3500'],
    ['0.70 at none', { confidenceBps: 0 }, '3500'],
    ['0.85 half way up', { confidenceBps: 7_500 }, '4250'],
  ] as const)('is scaled: %s', (_, rest, shares) => {
    expect(sharesOf(rest)).toBe(shares);
  });

  test.each<[SizingCap, Partial<SizingInput>, string]>([
    ['position', { limits: { ...wide, maxPositionBps: 500 } }, '500'],
    ['grossExposure', { limits: { ...wide, maxGrossExposureBps: 1_000 } }, '1000'],
    ['volume', { limits: { ...wide, maxOrderVolumeBps: 1 } }, '4000'],
    [
      'credit',
      {
        account: ordinaryAccount({ cash: money.of('300000') }),
        limits: { ...wide, maxTradeRiskBps: 1_000 },
      },
      '3000',
    ],
    [
      'order',
      { limits: { ...wide, order: { ...wide.order, maxQuantity: quantity.of('77.5') } } },
      '77',
    ],
    ['risk', {}, '5000'],
  ])('is bound by %s', (cap, rest, shares) => {
    expect([bindingOf(rest), sharesOf(rest)]).toEqual([cap, shares]);
  });

  test('leaves the room that is held and reserved already', () => {
    const account = ordinaryAccount({
      cash: money.of('970000'),
      positions: [held(nvda, 300, '100')],
    });
    const facts = ordinaryFacts({ marks: [markAt(nvda, '100')], estimatedFees: money.zero });
    expect(sharesOf({ account, facts, limits: { ...wide, maxPositionBps: 500 } })).toBe('200');
  });

  test('D38: is none where not one share fits, whatever the reason', () => {
    const dear = {
      entry: price.of('500000'),
      stop: price.of('490000'),
      intent: buy(1, { orderType: 'limit', limitPrice: price.of('500000') }),
    };
    expect(sharesOf({ ...dear, account: ordinaryAccount() })).toBe('0');
    expect(sharesOf({ account: ordinaryAccount({ cash: money.of('-5000') }) })).toBe('0');
    expect(sharesOf({ account: ordinaryAccount({ cash: money.zero }) })).toBe('0');
    expect(sharesOf({ stop: price.of('100') })).toBe('0');
    expect(sharesOf({ stop: price.of('99.99991') })).toBe('0');
    expect(sharesOf({ entry: price.of('0') })).toBe('0');
    expect(sharesOf({ facts: ordinaryFacts({ averageDailyVolume: null }) })).toBe('0');
    expect(sharesOf({ account: ordinaryAccount({ positions: [held(msft, 1, '100')] }) })).toBe('0');
  });

  const anything = fc.record({
    cash: fc.integer({ min: -50_000, max: 2_000_000 }),
    owned: fc.nat(2_000),
    entry: fc.integer({ min: 100, max: 60_000 }),
    distance: fc.nat(5_000),
    confidenceBps: fc.nat(10_000),
    tradeabilityBps: fc.nat(10_000),
    margin: fc.boolean(),
    short: fc.boolean(),
  });
  const inputOf = (
    any: typeof anything extends fc.Arbitrary<infer Value> ? Value : never,
  ): SizingInput => {
    const entry = price.of((any.entry / 100).toFixed(2));
    const short = any.short && any.margin;
    const stop = price.of(
      (Math.max(0, any.entry + (short ? 1 : -1) * any.distance) / 100).toFixed(2),
    );
    const text = price.format(entry);
    return given({
      intent: buy(1, {
        side: short ? 'sell_short' : 'buy',
        orderType: 'limit',
        limitPrice: entry,
        stopPrice: stop,
      }),
      entry,
      stop,
      confidenceBps: any.confidenceBps,
      regime: { label: 'unknown', tradeabilityBps: any.tradeabilityBps },
      limits: any.margin ? marginLimits : ordinaryLimits,
      account: ordinaryAccount({
        cash: money.of(`${any.cash}`),
        positions: any.owned === 0 ? [] : [held(msft, any.owned, '100')],
        dayStartEquity: money.of('1'),
        weekStartEquity: money.of('1'),
      }),
      facts: ordinaryFacts({
        quote: quoteOf(nvda, `${text}/${text}`),
        marks: any.owned === 0 ? [] : [markAt(msft, '100')],
        borrow: { available: quantity.fromShares(1_000_000), annualFeeBps: 30 },
      }),
    });
  };

  test('is what the assessment then lets pass, on the limits that sizing knows', () => {
    const known = [
      'CREDIT_THRESHOLD',
      'POSITION_SIZE',
      'GROSS_EXPOSURE',
      'PER_TRADE_RISK',
      'LIQUIDITY',
      'MAX_ORDER_VALUE',
      'MAX_ORDER_VOLUME',
    ];
    fc.assert(
      fc.property(anything, (any) => {
        const input = inputOf(any);
        const { shares, caps } = sizePosition(input);
        expect(Math.min(...sizingCaps.map((cap) => Number(caps[cap])))).toBe(Number(shares));
        expect(shares % quantity.fromShares(1)).toBe(0n);
        if (shares === 0n) return;
        const intent = { ...input.intent, quantity: shares };
        const { checks } = assess({
          intent,
          facts: input.facts,
          limits: limitsWith(input.limits),
          account: input.account,
        });
        for (const { code, status, message } of checks)
          if (known.includes(code))
            expect(`${code} ${status === 'FAIL' ? message : 'passes'}`).toBe(`${code} passes`);
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });

  test('never shrinks as equity grows or the stop comes nearer', () => {
    fc.assert(
      fc.property(anything, fc.nat(100_000), fc.nat(500), (any, more, nearer) => {
        const { shares } = sizePosition(inputOf(any));
        expect(sizePosition(inputOf({ ...any, cash: any.cash + more })).shares >= shares).toBe(
          true,
        );
        const distance = Math.max(1, any.distance - nearer);
        if (any.distance > 0)
          expect(sizePosition(inputOf({ ...any, distance })).shares >= shares).toBe(true);
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });
});
