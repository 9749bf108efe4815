import type {
  BacktestResult,
  DriftReport,
  ForwardRecord,
  Measured,
} from '@sentinel/contracts/governance';
import {
  type ApprovalRequestId,
  type BacktestId,
  type HaltId,
  money,
  type Sha256,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { sha256 } from '@sentinel/infra/runtime';
import type { Answer } from '../approval/index.ts';
import { configurationDigest, strategies } from '../strategy/index.ts';
import type { GatheredEvidence, LifecycleCommand, Promote } from './lifecycle/commands.ts';

/** Noon of the first day of a story; the n-th is a day later. */
export const dayOf = (n: number): Temporal.Instant =>
  Temporal.Instant.from('2026-01-05T17:00:00Z').add({ hours: 24 * n });

export const idOf = (n: number): string => `01890000-0000-7000-8000-${`${n}`.padStart(12, '0')}`;

/** What passes every criterion of every target. */
const good: Measured = {
  from: '2025-01-02' as TradingDate,
  to: '2026-01-02' as TradingDate,
  trades: {
    ...{ count: 60, wins: 36, grossProfit: money.of('12000'), grossLoss: money.of('4000') },
    ...{ rCount: 60, meanR: 0.6, stdevR: 1.2, worstLoss: 0.01, slippageBps: 4, fillRate: 0.98 },
  },
  returns: { days: 260, mean: 0.002, stdev: 0.006, skewness: 0, kurtosis: 3 },
  maxDrawdown: 0.04,
};

const momentumDigest: Sha256 = configurationDigest(strategies.momentum_v1, sha256);

export const backtestOf = (n: number, rest: Partial<BacktestResult> = {}): BacktestResult => ({
  ...good,
  ...{ runId: idOf(0x100 + n) as BacktestId, strategyId: 'fast', trials: 1, trialsVariance: null },
  configurationDigest: momentumDigest,
  ...{ evidenceDigest: sha256('evidence'), codeDigest: sha256('code') },
  ...({ policyVersion: 'momentum-1', source: 'historical', timeframe: '1Day' } as const),
  symbols: ['NVDA' as Ticker],
  startingCash: money.of('100000'),
  at: dayOf(n),
  ...rest,
});

export const recordOf = (rest: Partial<ForwardRecord> = {}): ForwardRecord => ({
  ...good,
  ...{ sessions: 30, calendarDays: 60, digest: sha256('trades'), asOf: '99' },
  ...rest,
});

export const calm: DriftReport = { level: 'ok', trades: 20, signals: [] };

export const goodEvidence: GatheredEvidence = {
  tried: { trials: 0, variance: null },
  record: recordOf(),
  drift: calm,
};

export const registering = (
  rest: Partial<Extract<LifecycleCommand, { type: 'Register' }>['strategy']> = {},
): LifecycleCommand => ({
  type: 'Register',
  unlessKnown: false,
  strategy: {
    ...{ strategyId: 'fast', name: 'Fast', description: 'buys breakouts', type: 'momentum_v1' },
    ...({ policyVersion: 'momentum-1', timeframe: '1Day', state: 'draft' } as const),
    ...{ parameters: { ...strategies.momentum_v1.parameters }, by: 'local:test', reason: 'a try' },
    at: dayOf(0),
    ...rest,
  },
});

export const promoting = (
  target: Promote['target'],
  n: number,
  rest: Partial<Promote> = {},
): Promote => ({
  ...({ type: 'Promote', target, evidence: goodEvidence, notes: 'the evidence is in' } as const),
  requestedBy: 'local:test',
  requestId: idOf(0x200 + n) as ApprovalRequestId,
  expiresAt: dayOf(n + 1),
  ...{ at: dayOf(n), wall: dayOf(n) },
  ...rest,
});

export const approving = (
  n: number,
  rest: Partial<Extract<LifecycleCommand, { type: 'Approve' }>> = {},
): LifecycleCommand => ({
  ...({ type: 'Approve', answer: answerOf(n, 'human:ada') } as const),
  ...{ evidence: goodEvidence, at: dayOf(n) },
  ...rest,
});

/** An answer of that day to the request of that day. */
export const answerOf = (n: number, principal = 'operator-key:0123456789ab'): Answer => ({
  requestId: idOf(0x200 + n) as ApprovalRequestId,
  requestDigest: 'd'.repeat(64) as Answer['requestDigest'],
  by: { principal, identifiedBy: 'operator_key', through: 'page' },
  at: dayOf(n),
});

export const suspending = (n: number): LifecycleCommand => ({
  ...({ type: 'Suspend', reason: 'looks odd', by: 'local:test', drift: null } as const),
  ...{ haltId: idOf(0x300 + n) as HaltId, at: dayOf(n) },
});

export const retiring = (n: number): LifecycleCommand => ({
  ...({ type: 'Retire', reason: 'enough of it', by: 'local:test' } as const),
  ...{ haltId: idOf(0x300 + n) as HaltId, at: dayOf(n) },
});
