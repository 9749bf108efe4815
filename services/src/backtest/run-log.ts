import {
  backtestDaySchema,
  backtestEvents,
  backtestRecordSchema,
  backtestTradeSchema,
  walkRecordSchema,
} from '@sentinel/contracts/backtest';
import type { BacktestResult } from '@sentinel/contracts/governance';
import {
  type BacktestId,
  decodeEvent,
  type EventId,
  type EventMetadata,
  type EventOf,
  type EventStore,
  encodeEvent,
  money,
  type NewId,
  type Outcome,
  streamName,
} from '@sentinel/contracts/kernel';
import type { BarSeries } from '@sentinel/contracts/market';
import type { EvidenceLocker } from '../market/index.ts';
import { type BacktestOutput, inPieces } from './backtest-task.ts';
import type { RunEnd, RunStatus } from './run-book.ts';
import { viewOfBacktest, viewOfWalk } from './run-views.ts';

export type RunLogOptions = {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly evidence: EvidenceLocker;
  /** Keeps the result with its strategy, where promotions are judged by it; absent where nobody does. */
  readonly recordResult?:
    | ((result: BacktestResult, metadata: EventMetadata) => Promise<Outcome<unknown>>)
    | undefined;
};

type RunEvent = EventOf<typeof backtestEvents>;

/** Trades and days of one event at the most. */
const pieceLength = 1_000;
const streamOf = (id: BacktestId) => streamName('backtest', id);

/** Keeps what runs came to, each in a stream of its own. */
export const runLog = (options: RunLogOptions) => {
  const { eventStore, newId, evidence, recordResult } = options;
  const keepBars = async (series: readonly BarSeries[], metadata: EventMetadata): Promise<void> => {
    for (const bars of series)
      for (const piece of inPieces(bars)) await evidence.keep(piece, metadata);
  };
  const append = async (
    id: BacktestId,
    events: readonly RunEvent[],
    metadata: EventMetadata,
  ): Promise<Pick<RunEnd, 'event_id' | 'log_position'>> => {
    let last = { event_id: '', log_position: '' };
    for (const event of events) {
      const eventId = newId() as EventId;
      const { logPosition } = await eventStore.appendToStream(
        streamOf(id),
        [{ id: eventId, ...encodeEvent(backtestEvents, event), metadata }],
        'any',
      );
      last = { event_id: eventId, log_position: `${logPosition}` };
    }
    return last;
  };
  return {
    keepBacktest: async (
      { record: stored, finalEquity, ...lists }: BacktestOutput,
      series: readonly BarSeries[],
      metadata: EventMetadata,
    ): Promise<RunEnd> => {
      const record = backtestRecordSchema.parse(stored);
      const { runId, strategyId, evidenceDigest } = record.result;
      await keepBars(series, metadata);
      const trades = lists.trades.map((trade) => backtestTradeSchema.parse(trade));
      const days = lists.days.map((day) => backtestDaySchema.parse(day));
      const count = Math.ceil(Math.max(trades.length, days.length) / pieceLength);
      const pieces = Array.from({ length: count }, (_, n): RunEvent => {
        const [from, to] = [n * pieceLength, (n + 1) * pieceLength];
        const piece = { trades: trades.slice(from, to), days: days.slice(from, to) };
        return { type: 'BacktestTradesKept', data: { runId, strategyId, piece: n + 1, ...piece } };
      });
      const recorded: RunEvent = { type: 'BacktestRecorded', data: record };
      const place = await append(runId, [...pieces, recorded], metadata);
      // Of other parameters than those of the strategy it is a trial, and no evidence of it.
      const told = await recordResult?.(record.result, metadata);
      return {
        backtest: viewOfBacktest(record, finalEquity),
        ...{ walk_forward: null, evidence_digest: evidenceDigest, ...place },
        counts_for_promotion: told?.ok ?? false,
      };
    },
    keepWalk: async (
      stored: object,
      series: readonly BarSeries[],
      metadata: EventMetadata,
    ): Promise<RunEnd> => {
      const record = walkRecordSchema.parse(stored);
      await keepBars(series, metadata);
      const place = await append(
        record.runId,
        [{ type: 'WalkForwardRecorded', data: record }],
        metadata,
      );
      const walk = viewOfWalk(record);
      return {
        backtest: null,
        walk_forward: walk,
        evidence_digest: record.evidenceDigest,
        counts_for_promotion: false,
        ...place,
      };
    },
    find: (id: BacktestId) => recordedRun(eventStore, id),
  };
};

/** A run as the log has it; undefined where it has none of the id. */
const recordedRun = async (
  eventStore: Pick<EventStore, 'readStream'>,
  id: BacktestId,
): Promise<RunStatus | undefined> => {
  const stored = await eventStore.readStream(streamOf(id));
  let finalEquity = money.zero;
  for (const each of stored) {
    const event = decodeEvent(backtestEvents, each);
    const place = { event_id: each.id, log_position: `${each.logPosition}` };
    const done = { run_id: id, status: 'done', progress: 1, problem: null } as const;
    if (event.type === 'BacktestTradesKept')
      finalEquity = event.data.days.at(-1)?.equity ?? finalEquity;
    else if (event.type === 'BacktestRecorded') {
      const { result } = event.data;
      return {
        ...{ ...done, kind: 'backtest', strategy: result.strategyId, symbols: result.symbols },
        ...{ backtest: viewOfBacktest(event.data, finalEquity), walk_forward: null },
        ...{ evidence_digest: result.evidenceDigest, ...place, counts_for_promotion: null },
      };
    } else {
      const { strategyId, symbols, evidenceDigest } = event.data;
      return {
        ...{ ...done, kind: 'walk_forward', strategy: strategyId, symbols, backtest: null },
        ...{ walk_forward: viewOfWalk(event.data), evidence_digest: evidenceDigest, ...place },
        counts_for_promotion: false,
      };
    }
  }
  return undefined;
};
