import type { Handlers } from '@sentinel/contracts';
import { accepted } from '@sentinel/contracts/kernel';
import { leastTradeability } from './classify.ts';
import type { RegimeEvaluator } from './evaluator.ts';

/** Completed bars for the hidden Markov model's 500 returns; the waterfall looks at the last 300. */
export const regimeHistoryBars = 501;

export const regimeHandlers = ({
  regime,
}: {
  readonly regime: RegimeEvaluator;
}): Handlers<'EvaluateRegime'> => ({
  EvaluateRegime: async ({ symbol, timeframe }, { metadata }) => {
    const wanted = { symbol, timeframe, historyBars: regimeHistoryBars, withModel: true };
    const evaluated = await regime.evaluate(wanted, metadata);
    if (!evaluated.ok) return evaluated;
    const { event, eventId, logPosition } = evaluated.value;
    return accepted({
      symbol,
      timeframe,
      ...event.classification,
      tradeable: event.classification.tradeability >= leastTradeability,
      source: event.source,
      at: event.at,
      event_id: eventId,
      log_position: `${logPosition}`,
    });
  },
});
