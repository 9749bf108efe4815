import { readFile } from 'node:fs/promises';
import type { EventId, LogPosition, RecordedEvent } from '@sentinel/contracts/kernel';
import { streamName } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import type { VerifyApproval } from './approvals.ts';
import { selfAssessmentHandlers } from './handlers.ts';

type Fields = { readonly [name: string]: unknown };

const stored = async (name: string): Promise<Fields> =>
  JSON.parse(
    await readFile(new URL(`../../../../contracts/corpus/${name}.json`, import.meta.url), 'utf8'),
  );
const [assessed, submitted, filled, regime] = (await Promise.all(
  ['RiskAssessed.v2', 'OrderSubmitted.v2', 'OrderFilled.v4', 'RegimeClassified.v2'].map(stored),
)) as [Fields, Fields, Fields, Fields];
const [requested, granted, registered] = (await Promise.all(
  ['ApprovalRequested.v1', 'ApprovalGranted.v3', 'PasskeyRegistered.v1'].map(stored),
)) as [Fields, Fields, Fields];

const uuid = (n: number): EventId =>
  `01890000-0000-7000-8000-${`${n}`.padStart(12, '0')}` as EventId;
const metadata = {
  ...{ principal: 'local:ada', client: 'test', tool: 'test' },
  ...{ correlationId: uuid(1), causationId: uuid(1) },
};

type Told = {
  readonly type: string;
  readonly data: Fields;
  readonly schemaVersion?: number;
  readonly stream?: string;
};

/** Believes whatever stands beside the request and a passkey, but for what says that it is altered. */
const verifyApproval: VerifyApproval = async (events, id) => {
  const types = events.map(({ type }) => type).join(' ');
  if (events.find((each) => each.id === id)?.type !== 'ApprovalGranted') return 'no yes';
  return types === 'ApprovalRequested ApprovalGranted PasskeyRegistered' ? undefined : types;
};

/** What the house says of itself when all that ever happened is this. */
const assess = async (told: readonly Told[], usual = 'session-paper-2026-03-03') => {
  const eventStore = memoryEventStore({ now: () => Temporal.Instant.from('2026-03-03T18:00:00Z') });
  for (const [index, { type, data, schemaVersion = 2, stream = usual }] of told.entries())
    await eventStore.appendToStream(
      streamName(...(stream.split(/-(.*)/s).slice(0, 2) as [string, string])),
      [
        {
          id: uuid(1_000 + index),
          type,
          schemaVersion,
          data: data as RecordedEvent['data'],
          metadata,
        },
      ],
      'any',
    );
  const handlers = selfAssessmentHandlers({
    ...{ eventStore, source: 'mock' as const, verifyApproval },
    recordedBetween: async () => ({
      after: 0n as LogPosition,
      last: await eventStore.lastPosition(),
    }),
    now: () => Temporal.Instant.from('2026-03-03T19:00:00Z'),
  });
  const context = { requestId: uuid(1), ...metadata, metadata } as unknown;
  const outcome = await handlers.AssessSelf(
    {},
    context as Parameters<typeof handlers.AssessSelf>[1],
  );
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  const { verdicts, ...rest } = outcome.value;
  return { ...rest, verdict: Object.fromEntries(verdicts.map((each) => [each.area, each])) };
};

const signal = {
  ...{
    signalId: uuid(7),
    eventId: uuid(8),
    strategyId: 'momentum_v1',
    symbol: 'NVDA',
    side: 'buy',
  },
  ...{ entry: '100', stop: '98', target: '104', confidenceBps: 7_000, label: 'trending_bull' },
  ...{ tradeabilityBps: 8_000, compatible: true, fitBps: 9_000, averageTrueRangeBps: 180 },
  ...{ contextMoveBps: 20, barVolume: null },
};

/** An order after a signal at 100, filled at `price`. */
const followed = (n: number, averagePrice: string): readonly Told[] => {
  const [decisionId, orderId] = [uuid(20_000 + n), uuid(30_000 + n)];
  const facts = { ...(assessed.facts as Fields), committee: signal };
  const approved = { outcome: 'APPROVED', denialCode: null, purpose: 'order' };
  return [
    { type: 'RiskAssessed', data: { ...assessed, ...approved, decisionId, facts } },
    { type: 'OrderSubmitted', data: { ...submitted, decisionId, orderId } },
    { type: 'OrderFilled', schemaVersion: 4, data: { ...filled, orderId, averagePrice } },
  ];
};

const times = <Value>(count: number, of: (n: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, n) => of(n));

const call = (day: number, close: number, label = 'trending_bull'): Told => {
  const { metrics, ...rest } = regime.classification as { readonly metrics: Fields };
  const at = `2026-03-${`${day}`.padStart(2, '0')}T17:00:00Z`;
  const classification = { ...rest, label, metrics: { ...metrics, close } };
  return { type: 'RegimeClassified', data: { ...regime, at, classification } };
};

test('nineteen fills say nothing of slippage, and twenty do', async () => {
  const few = await assess(times(19, (n) => followed(n, '100.05')).flat());
  expect(few.slippage).toEqual({
    ...{ orders_after_signals: 19, measured: 19, mean_bps: 5, worst_bps: 5 },
  });
  expect(few.verdict.slippage).toMatchObject({ verdict: 'insufficient', sample: 19 });
  const enough = await assess(times(20, (n) => followed(n, '100.05')).flat());
  expect(enough.verdict.slippage).toMatchObject({ verdict: 'in_order', sample: 20 });
  const worse = await assess(times(20, (n) => followed(n, '100.2')).flat());
  expect(worse.verdict.slippage).toMatchObject({ verdict: 'look', sample: 20 });
});

test('a regime call is held against the first close five bars later, and one without is not judged', async () => {
  const { regime: labels, verdict } = await assess(
    [call(1, 100), call(3, 50), call(8, 101), call(10, 49, 'trending_bear')],
    'regime-NVDA',
  );
  expect(labels).toEqual([
    { label: 'trending_bear', calls: 1, followed: 0, as_called: null, mean_move_bps: null },
    { label: 'trending_bull', calls: 3, followed: 2, as_called: 1, mean_move_bps: -50 },
  ]);
  expect(verdict.regime).toMatchObject({ verdict: 'insufficient', sample: 2 });
});

test('an approval without its order, an order of unknown outcome and a missing version are gaps', async () => {
  const [approval, order] = followed(1, '100') as [Told, Told];
  const unknown = {
    type: 'OrderOutcomeUnknown',
    data: {
      orderId: uuid(30_001),
      symbol: 'NVDA',
      at: '2026-03-03T17:00:00Z',
      reason: 'no answer',
    },
  };
  const report = await assess([approval, ...followed(2, '100'), order, unknown]);
  expect(report.gaps).toMatchObject({ approved_without_order: 0, orders_of_unknown_outcome: 1 });
  expect((await assess([approval])).gaps.approved_without_order).toBe(1);
  expect((await assess([approval])).verdict.gaps).toMatchObject({ verdict: 'look' });
});

test('what cannot be read is told, and nothing is in order then', async () => {
  const strange = { type: 'FromTheFuture', data: {} };
  const report = await assess([...times(20, (n) => followed(n, '100')).flat(), strange]);
  expect(report.unread).toMatchObject([{ what: 'events of type FromTheFuture', count: 1 }]);
  expect(report.verdict.reading).toMatchObject({ verdict: 'look' });
  expect(report.verdict.slippage).toMatchObject({ verdict: 'look' });
});

test('each yes by a passkey is verified with its request and the passkeys that its human had by then', async () => {
  const passkey = { type: 'PasskeyRegistered', schemaVersion: 1, data: registered };
  const hers = { ...passkey, stream: 'operator-ada' };
  const asked = { type: 'ApprovalRequested', schemaVersion: 1, data: requested };
  const yes = { type: 'ApprovalGranted', schemaVersion: 3, data: granted };
  const { proof: _, ...unsigned } = granted;
  const report = await assess([hers, { ...passkey, stream: 'operator-bob' }, asked, yes]);
  expect(report.approvals).toEqual({ signed: 1, proved: 1, failed: [] });
  expect(report.verdict.approvals).toMatchObject({ verdict: 'in_order', sample: 1 });
  // Made after the yes, another's, and none at all.
  for (const log of [
    [asked, yes, hers],
    [{ ...hers, stream: 'operator-bob' }, asked, yes],
  ])
    expect((await assess(log)).approvals).toMatchObject({ signed: 1, proved: 0 });
  // It ought to be signed, and whether it is is for the proof to say.
  expect((await assess([{ ...yes, data: unsigned }])).approvals).toMatchObject({
    signed: 1,
    proved: 0,
  });
  const lost = await assess([hers, yes]);
  expect(lost.approvals.failed).toEqual([
    { event_id: uuid(1_001), why: 'ApprovalGranted PasskeyRegistered' },
  ]);
  expect(lost.verdict.approvals).toMatchObject({
    verdict: 'look',
    says: expect.stringContaining('0 of 1'),
  });
});

test('a yes by something else than a passkey, or from before there were proofs, is none of them', async () => {
  const { proof: _, ...unsigned } = granted;
  const byKey = { ...(granted.by as Fields), identifiedBy: 'operator_key' };
  const report = await assess([
    { type: 'ApprovalGranted', schemaVersion: 3, data: { ...unsigned, by: byKey } },
    { type: 'ApprovalGranted', schemaVersion: 2, data: unsigned },
  ]);
  expect(report.approvals).toEqual({ signed: 0, proved: 0, failed: [] });
  expect(report.verdict.approvals).toMatchObject({ verdict: 'insufficient', sample: 0 });
});
