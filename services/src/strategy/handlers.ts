import type { Handlers } from '@sentinel/contracts';
import { accepted, type EventMetadata, type RequestContext } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { inParallel } from '../kernel/index.ts';
import { evaluateHandlers } from './evaluate-strategy.ts';
import { signalFound, viewOfSignal } from './found-signal.ts';
import { instanceFinder } from './instances.ts';
import type { StrategyHandlersOptions } from './options.ts';
import { progressPace } from './progress-pace.ts';
import { failedConditions, type Missed, problemsOf, rejectionsOf } from './scan-answer.ts';
import { type ScannedSymbol, scanSymbol, symbolScan } from './scan-symbol.ts';
import { recordSignals } from './signal-log.ts';
import type { StrategyDefinition } from './strategy.ts';
import { wantedStrategies } from './wanted-strategies.ts';

const symbolsAtOnce = 8;

type ScannedStrategy = {
  readonly signals: readonly ReturnType<typeof viewOfSignal>[];
  readonly missed: Missed;
  readonly log_position: string;
};

const byConfidence = (
  a: ScannedStrategy['signals'][number],
  b: ScannedStrategy['signals'][number],
): number => b.confidence - a.confidence || (a.symbol < b.symbol ? -1 : 1);

/**
 * Scans: every symbol's regime is recorded first, then each signal, then the scan as a whole. An
 * aborted scan leaves the classifications made until then and throws the signal's reason.
 */
export const strategyHandlers = (
  options: StrategyHandlersOptions,
): Handlers<'Scan' | 'EvaluateStrategy'> => {
  const { market, codeDigest } = options;
  const find = instanceFinder(options.eventStore);

  const record = async (
    definition: StrategyDefinition,
    scan: { readonly group: string | null; readonly scanned: readonly ScannedSymbol[] },
    { metadata }: RequestContext,
  ): Promise<ScannedStrategy> => {
    const { id: strategyId, policyVersion } = definition;
    const at = market.now();
    const found = scan.scanned.flatMap((one) => (one.kind === 'signal' ? [one] : []));
    const missed = scan.scanned.flatMap((one) => (one.kind === 'none' ? [one] : []));
    const none = missed.map(({ kind: _, ...one }) => one);
    const signals = found.map(({ signal }) => signal.signalId);
    const { ids, logPosition } = await recordSignals(
      options,
      {
        strategyId,
        events: [
          ...found.map((one) => signalFound(one, { market, codeDigest, policyVersion })),
          {
            type: 'ScanCompleted',
            data: { strategyId, group: scan.group, signals, none, at, policyVersion, codeDigest },
          },
        ],
      },
      metadata,
    );
    return {
      signals: found.map((one, i) => viewOfSignal(one, ids[i])),
      missed: { strategy: strategyId, none },
      log_position: `${logPosition}`,
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
    ...evaluateHandlers(options),

    Scan: async (input, context) => {
      const wanted = await wantedStrategies(input, find);
      if (!wanted.ok) return wanted;
      const listed = await options.watchlist.symbols(input.group);
      if (!listed.ok) return listed;
      const symbols = listed.value;
      const { definitions, unknown } = wanted.value;
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
      const signals = answers.flatMap((answer) => answer.signals).sort(byConfidence);
      const missed = answers.map((answer) => answer.missed);
      return accepted({
        signals: signals.slice(0, input.limit).map(({ event_id: _, ...shown }) => shown),
        signals_count: signals.length,
        failed: failedConditions(missed),
        rejections: input.rejections ? rejectionsOf(missed) : null,
        problems: problemsOf(missed),
        unknown_strategies: unknown,
        evaluated: total,
        source: market.source,
        log_position: answers.at(-1)?.log_position ?? '0',
      });
    },
  };
};
