import type { Handlers, InputOf, OutputOf } from '@sentinel/contracts';
import {
  accepted,
  type EventId,
  type EventMetadata,
  type EventStore,
  type NewId,
  type Outcome,
  type RequestContext,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { inParallel } from '../kernel/index.ts';
import type { RegimeEvaluator } from '../regime/index.ts';
import type { Watchlist } from '../watchlist/index.ts';
import { progressPace } from './progress-pace.ts';
import { strategies } from './registry.ts';
import { type ScannedSymbol, scanSymbol, symbolScan } from './scan-symbol.ts';
import { recordSignals } from './signal-log.ts';
import { rewardToRisk, type StrategyDefinition } from './strategy.ts';

const symbolsAtOnce = 8;

export type StrategyHandlersOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly regime: RegimeEvaluator;
  readonly watchlist: Pick<Watchlist, 'symbols'>;
  readonly newId: NewId;
  /** The wall's clock, by which progress is told. */
  readonly now: () => Temporal.Instant;
  /** SHA-256 of the sources that decide, recorded with every signal. */
  readonly codeDigest: Sha256;
};

type ScanAnswer = OutputOf<'Scan'>;
type FoundSignal = Extract<ScannedSymbol, { readonly kind: 'signal' }>;
type ScannedStrategy = Pick<ScanAnswer, 'signals' | 'none' | 'log_position'>;

/** The strategies that were asked for, each once; all of them when none was. */
const wantedStrategies = ({
  strategy,
  strategies: several = [],
}: InputOf<'Scan'>): Outcome<readonly StrategyDefinition[]> => {
  const known: ReadonlyMap<string, StrategyDefinition> = new Map(Object.entries(strategies));
  const ids = [...new Set([...(strategy === undefined ? [] : [strategy]), ...several])];
  if (ids.length === 0) return accepted([...known.values()]);
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    return refused(
      'UNKNOWN_STRATEGY',
      `There is no strategy ${unknown.join(', ')}.`,
      `Use one of: ${[...known.keys()].join(', ')}.`,
    );
  return accepted(ids.flatMap((id) => known.get(id) ?? []));
};

const viewOfSignal = (
  { signal, regime }: FoundSignal,
  eventId: EventId | undefined,
): ScanAnswer['signals'][number] => {
  if (eventId === undefined) throw new Error(`signal ${signal.signalId} was not recorded`);
  const { signalId, strategyId, symbol, side, confidence, entry, stop, target } = signal;
  return {
    signal_id: signalId,
    event_id: eventId,
    strategy: strategyId,
    ...{ symbol, side, confidence, entry, stop, target },
    reward_to_risk: rewardToRisk(signal),
    regime: regime.event.classification.label,
  };
};

/**
 * Scans: every symbol's regime is recorded first, then each signal, then the scan as a whole. An
 * aborted scan leaves the classifications made until then and throws the signal's reason.
 */
export const strategyHandlers = (options: StrategyHandlersOptions): Handlers<'Scan'> => {
  const { market, codeDigest } = options;

  const record = async (
    definition: StrategyDefinition,
    scan: { readonly group: string | null; readonly scanned: readonly ScannedSymbol[] },
    { metadata }: RequestContext,
  ): Promise<ScannedStrategy> => {
    const strategyId = definition.id;
    const at = market.now();
    const found = scan.scanned.flatMap((one) => (one.kind === 'signal' ? [one] : []));
    const none = scan.scanned.flatMap((one) =>
      one.kind === 'none' ? [{ symbol: one.symbol, failed: one.failed, problem: one.problem }] : [],
    );
    const signals = found.map(({ signal }) => signal.signalId);
    const { ids, position } = await recordSignals(
      options,
      {
        strategyId,
        events: [
          ...found.map(({ signal, regime }) => ({
            type: 'SignalFound' as const,
            data: { signal, regimeEventId: regime.eventId, source: market.source, at, codeDigest },
          })),
          { type: 'ScanCompleted', data: { strategyId, group: scan.group, signals, none, at } },
        ],
      },
      metadata,
    );
    return {
      signals: found.map((one, i) => viewOfSignal(one, ids[i])),
      none: none.map((one) => ({ ...one, strategy: strategyId })),
      log_position: `${position}`,
    };
  };

  /** Every strategy's word on one symbol, in the order of the strategies. */
  const scanAll = async (
    symbol: Ticker,
    definitions: readonly StrategyDefinition[],
    { judged, metadata }: { readonly judged: () => void; readonly metadata: EventMetadata },
  ): Promise<readonly ScannedSymbol[]> => {
    const scan = symbolScan(options, symbol, { definitions, metadata });
    const scanned: ScannedSymbol[] = [];
    for (const definition of definitions) {
      scanned.push(await scanSymbol(scan, definition, symbol));
      judged();
    }
    return scanned;
  };

  return {
    Scan: async (input, context) => {
      const wanted = wantedStrategies(input);
      if (!wanted.ok) return wanted;
      const symbols = await options.watchlist.symbols(input.group);
      const definitions = wanted.value;
      const total = symbols.length * definitions.length;
      const tell = progressPace(options.now, context.progress);
      let done = 0;
      const judged = () => tell(++done, total, `${done} of ${total} judged`);
      const { metadata, signal } = context;
      const bySymbol = await inParallel(
        symbols,
        (symbol) => scanAll(symbol, definitions, { judged, metadata }),
        { width: symbolsAtOnce, signal },
      );
      const answers: ScannedStrategy[] = [];
      for (const [n, definition] of definitions.entries()) {
        const scanned = bySymbol.flatMap((all) => all[n] ?? []);
        answers.push(await record(definition, { group: input.group ?? null, scanned }, context));
      }
      return accepted({
        signals: answers
          .flatMap(({ signals }) => signals)
          .sort((a, b) => b.confidence - a.confidence || (a.symbol < b.symbol ? -1 : 1)),
        none: answers.flatMap(({ none }) => none),
        evaluated: total,
        source: market.source,
        log_position: answers.at(-1)?.log_position ?? '0',
      });
    },
  };
};
