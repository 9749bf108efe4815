import { money, price, quantity } from '@sentinel/contracts/kernel';
import type { CommitteeFacts, OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { type Deliberated, deliberate, type Vote, type Voter, voters } from './committee.ts';
import { buy, noon, nvda, ordinaryFacts, quoteOf, signalFacts } from './fixtures.ts';

type Given = {
  readonly signal?: Partial<CommitteeFacts>;
  readonly facts?: Partial<RiskFacts>;
  readonly intent?: Partial<OrderIntent>;
  readonly held?: string;
  readonly gross?: string;
  readonly equity?: string;
  readonly added?: string;
};

const given = ({
  signal,
  facts,
  intent,
  held = '0',
  gross,
  equity = '100000',
  added = '1200',
}: Given = {}): Deliberated => ({
  signal: signalFacts(signal),
  intent: buy(10, intent),
  facts: ordinaryFacts(facts),
  exposure: {
    equity: money.of(equity),
    reservedCash: money.zero,
    gross: money.of(gross ?? held),
    bySymbol: new Map([[nvda, money.of(held)]]),
    symbols: new Set([nvda]),
  },
  added: money.of(added),
});
const voteOf = (voter: Voter, of: Given) =>
  deliberate(given(of)).votes.find((each) => each.voter === voter)?.vote;
const session = ordinaryFacts().session;
const at = (time: string) => ({ at: Temporal.Instant.from(`2026-03-02T${time}Z`) });

describe('the decision committee', () => {
  test('approves of an ordinary signal with one voice', () => {
    expect(deliberate(given())).toMatchObject({
      scoreBps: 10_000,
      outcome: 'approved',
      escalations: [],
    });
    expect(deliberate(given()).votes.map(({ voter }) => voter)).toEqual(voters);
  });

  /** Each edge of the table, just inside and just beyond. */
  const edges: readonly (readonly [Voter, Vote, Given])[] = [
    ['regime_gate', 'approve', { signal: { fitBps: 6_500 } }],
    ['regime_gate', 'abstain', { signal: { fitBps: 6_499 } }],
    ['regime_gate', 'abstain', { signal: { fitBps: 4_000 } }],
    ['regime_gate', 'reject', { signal: { fitBps: 3_999 } }],
    ['regime_gate', 'reject', { signal: { compatible: false } }],
    ['liquidity_filter', 'approve', { facts: { quote: quoteOf(nvda, '99.9/100.09') } }],
    ['liquidity_filter', 'reject', { facts: { quote: quoteOf(nvda, '99.9/100.11') } }],
    ['liquidity_filter', 'abstain', { signal: { barVolume: quantity.fromShares(99_999) } }],
    ['liquidity_filter', 'approve', { signal: { barVolume: quantity.fromShares(100_000) } }],
    ['liquidity_filter', 'abstain', { facts: { quote: null } }],
    ['volatility_sanity', 'approve', { signal: { averageTrueRangeBps: 500 } }],
    ['volatility_sanity', 'reject', { signal: { averageTrueRangeBps: 501 } }],
    ['volatility_sanity', 'reject', { signal: { averageTrueRangeBps: 83 } }],
    ['volatility_sanity', 'approve', { signal: { averageTrueRangeBps: 84 } }],
    ['volatility_sanity', 'abstain', { signal: { stop: price.of('119.29') } }],
    ['volatility_sanity', 'approve', { signal: { stop: price.of('119.28') } }],
    ['risk_reward_filter', 'approve', { signal: { target: price.of('125.4') } }],
    ['risk_reward_filter', 'abstain', { signal: { target: price.of('125.39') } }],
    ['risk_reward_filter', 'abstain', { signal: { target: price.of('124.5') } }],
    ['risk_reward_filter', 'reject', { signal: { target: price.of('124.49') } }],
    ['concentration_filter', 'approve', { held: '5800' }],
    ['concentration_filter', 'abstain', { held: '5900' }],
    ['concentration_filter', 'reject', { held: '8800' }],
    ['concentration_filter', 'reject', { gross: '83810' }],
    ['concentration_filter', 'approve', { gross: '83800' }],
    ['beta_context_filter', 'approve', { signal: { contextMoveBps: -100 } }],
    ['beta_context_filter', 'abstain', { signal: { contextMoveBps: -101 } }],
    [
      'beta_context_filter',
      'abstain',
      { signal: { contextMoveBps: 101 }, intent: { side: 'sell_short' } },
    ],
    ['beta_context_filter', 'abstain', { signal: { contextMoveBps: null } }],
    ['beta_context_filter', 'reject', { signal: { label: 'risk_off' } }],
    ['signal_confidence_filter', 'approve', { signal: { confidenceBps: 6_325 } }],
    ['signal_confidence_filter', 'abstain', { signal: { confidenceBps: 6_324 } }],
    ['signal_confidence_filter', 'abstain', { signal: { confidenceBps: 5_500 } }],
    ['signal_confidence_filter', 'reject', { signal: { confidenceBps: 5_499 } }],
    // 09:45 and 15:45 in New York, in winter.
    ['time_of_day_filter', 'abstain', { facts: at('14:44:59.999') }],
    ['time_of_day_filter', 'approve', { facts: at('14:45:00') }],
    ['time_of_day_filter', 'approve', { facts: at('20:44:59.999') }],
    ['time_of_day_filter', 'abstain', { facts: at('20:45:00') }],
    ['time_of_day_filter', 'reject', { facts: { session: { ...session, state: 'closed' } } }],
    [
      'time_of_day_filter',
      'approve',
      { facts: { session: { ...session, opensAt: null, closesAt: null }, at: noon } },
    ],
  ];

  test.each(edges)('%s would %s', (voter, vote, of) => {
    expect(voteOf(voter, of)).toBe(vote);
  });

  test('D36: without a measured range it abstains and divides by nothing', () => {
    for (const averageTrueRangeBps of [0, null])
      expect(voteOf('volatility_sanity', { signal: { averageTrueRangeBps } })).toBe('abstain');
  });

  test('D8: tells the time by the exchange’s session, not by UTC hours', () => {
    // 14:40 in UTC is ten minutes after the winter's open, and seventy after the summer's.
    const summer = { ...session, opensAt: Temporal.Instant.from('2026-03-02T13:30:00Z') };
    expect(voteOf('time_of_day_filter', { facts: at('14:40:00') })).toBe('abstain');
    expect(voteOf('time_of_day_filter', { facts: { ...at('14:40:00'), session: summer } })).toBe(
      'approve',
    );
  });

  test.each([
    ['regime_gate', { signal: { compatible: false } }],
    ['concentration_filter', { held: '9000' }],
    ['time_of_day_filter', { facts: { session: { ...session, state: 'closed' } } }],
  ] as const)('%s alone can reject', (_, of) => {
    const { outcome, scoreBps } = deliberate(given(of as Given));
    expect(scoreBps).toBeGreaterThanOrEqual(8_000);
    expect(outcome).toBe('rejected');
  });

  test('leaves to a human what is near the edge, heavy in one symbol, or hardly to be traded', () => {
    expect(deliberate(given({ held: '5000.01' })).outcome).toBe('requires_human_approval');
    expect(deliberate(given({ held: '5000' })).outcome).toBe('approved');
    expect(deliberate(given({ signal: { tradeabilityBps: 3_499 } })).outcome).toBe(
      'requires_human_approval',
    );
    expect(deliberate(given({ signal: { tradeabilityBps: 3_500 } })).outcome).toBe('approved');
    // 1,500 and 1,300 and 500 are lost: 6,700 is approved and yet near the edge.
    const near = {
      signal: { target: price.of('121') },
      facts: { quote: quoteOf(nvda, '99/100'), ...at('14:40:00') },
    };
    const { scoreBps, outcome, escalations } = deliberate(given(near));
    expect([scoreBps, outcome, escalations.length]).toEqual([6_950, 'requires_human_approval', 1]);
  });

  test.each([
    [6_950, 'requires_human_approval', { confidenceBps: 7_000 }],
    [5_950, 'requires_human_approval', { confidenceBps: 0 }],
    [4_950, 'requires_human_approval', { confidenceBps: 0, fitBps: 5_000 }],
    [3_750, 'rejected', { confidenceBps: 0, fitBps: 5_000, averageTrueRangeBps: 600 }],
  ] as const)('with %i basis points: %s', (score, outcome, signal) => {
    const near = {
      signal: { target: price.of('121'), ...signal },
      facts: { quote: quoteOf(nvda, '99/100'), ...at('14:40:00') },
    };
    expect(deliberate(given(near))).toMatchObject({ scoreBps: score, outcome });
  });

  test('never approves what one with a veto rejects, and stays within its scale', () => {
    const anySignal = fc.record({
      fitBps: fc.nat(10_000),
      compatible: fc.boolean(),
      confidenceBps: fc.nat(10_000),
      tradeabilityBps: fc.nat(10_000),
      averageTrueRangeBps: fc.option(fc.nat(2_000)),
      contextMoveBps: fc.option(fc.integer({ min: -900, max: 900 })),
    });
    fc.assert(
      fc.property(anySignal, fc.nat(20_000), (signal, held) => {
        const once = deliberate(given({ signal, held: `${held}` }));
        expect(once).toEqual(deliberate(given({ signal, held: `${held}` })));
        expect(once.scoreBps >= 0 && once.scoreBps <= 10_000).toBe(true);
        const veto = once.votes.some(
          ({ voter, vote }) =>
            vote === 'reject' &&
            ['regime_gate', 'concentration_filter', 'time_of_day_filter'].includes(voter),
        );
        if (veto) expect(once.outcome).toBe('rejected');
        if (once.outcome === 'approved') expect(once.scoreBps).toBeGreaterThanOrEqual(7_000);
      }),
      { numRuns: propertyRuns(1_000) },
    );
  });
});
