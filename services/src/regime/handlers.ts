import type { Handlers } from '@sentinel/contracts';
import { accepted } from '@sentinel/contracts/kernel';
import { leastTradeability } from './classify.ts';
import type { RegimeEvaluator } from './evaluator.ts';

/** Completed bars that a classification looks at: EMA(200) and Hurst's 250, and some to settle. */
export const regimeHistoryBars = 300;

export const regimeHandlers = ({
  regime,
}: {
  readonly regime: RegimeEvaluator;
}): Handlers<'EvaluateRegime'> => ({
  EvaluateRegime: async ({ symbol, timeframe }, { metadata }) => {
    const wanted = { symbol, timeframe, historyBars: regimeHistoryBars };
    const evaluated = await regime.evaluate(wanted, metadata);
    if (!evaluated.ok) return evaluated;
    const { event, eventId, position } = evaluated.value;
    return accepted({
      symbol,
      timeframe,
      ...event.classification,
      tradeable: event.classification.tradeability >= leastTradeability,
      source: event.source,
      at: event.at,
      event_id: eventId,
      log_position: `${position}`,
    });
  },
});
