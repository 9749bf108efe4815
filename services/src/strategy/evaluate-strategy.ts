import type { Handlers } from '@sentinel/contracts';
import { accepted } from '@sentinel/contracts/kernel';
import { signalFound, viewOfSignal } from './found-signal.ts';
import { instanceFinder } from './instances.ts';
import type { StrategyHandlersOptions } from './options.ts';
import { symbolScan } from './scan-symbol.ts';
import { recordSignals } from './signal-log.ts';
import { wantedStrategies } from './wanted-strategies.ts';

/** One strategy put to one symbol: a signal is recorded like any of a scan. */
export const evaluateHandlers = (
  options: StrategyHandlersOptions,
): Handlers<'EvaluateStrategy'> => {
  const { market, codeDigest } = options;
  const find = instanceFinder(options.eventStore);
  return {
    EvaluateStrategy: async ({ symbol, strategy }, { metadata }) => {
      const wanted = await wantedStrategies({ strategy }, find);
      if (!wanted.ok) return wanted;
      const { definitions } = wanted.value;
      const [definition] = definitions;
      if (definition === undefined) throw new Error('a known strategy without a definition');
      const scan = symbolScan(options, symbol, { definitions, metadata });
      const evaluated = await scan.evaluate(definition);
      if (!evaluated.ok) return evaluated;
      const { signal, conditions, regime, judged } = evaluated.value;
      const answer = {
        conditions: [...conditions],
        regime: regime.event.classification.label,
        source: market.source,
      };
      if (signal === null)
        return accepted({ ...answer, signal: null, log_position: `${regime.logPosition}` });
      const { policyVersion } = definition;
      const found = { kind: 'signal', signal, regime, judged } as const;
      const { ids, logPosition } = await recordSignals(
        options,
        {
          strategyId: definition.id,
          events: [signalFound(found, { market, codeDigest, policyVersion })],
        },
        metadata,
      );
      return accepted({
        ...answer,
        signal: viewOfSignal(found, ids[0]),
        log_position: `${logPosition}`,
      });
    },
  };
};
