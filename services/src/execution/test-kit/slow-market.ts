import { type MarketData, MarketDataUnavailable } from '@sentinel/contracts/market';
import { chance } from '../venue/chance.ts';

/** What passes the time: the machine's timers, or those of a test that moves them by hand. */
export type Timers = { readonly wait: (ms: number) => Promise<void> };

export type Slowness = {
  /** How long every answer is on its way. */
  readonly latencyMs: number;
  /** One answer in so many is MarketDataUnavailable; none is when it is absent. */
  readonly failEvery?: number;
  /** Which answers fail is drawn by it and by the number of the question. */
  readonly seed: number;
  readonly timers: Timers;
};

export const realTimers: Timers = {
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/**
 * Any market, as over a line that takes its time and fails now and then. An answer is of the moment of
 * its question: what has moved meanwhile is not in it.
 */
export const slowMarket = (line: MarketData, slowness: Slowness): MarketData => {
  const { latencyMs, failEvery, seed, timers } = slowness;
  let questions = 0;
  const fails = (question: number): boolean =>
    failEvery !== undefined && chance(seed, question) * failEvery < 1;

  const late = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
    const [answered] = await Promise.allSettled([answer, timers.wait(latencyMs)]);
    if (answered.status === 'rejected') throw answered.reason;
    return answered.value;
  };
  const unsure = async <Answer>(what: string, answer: Promise<Answer>): Promise<Answer> => {
    questions += 1;
    const isLost = fails(questions);
    const answered = await late(answer);
    if (isLost) throw new MarketDataUnavailable(`no answer of the slow market: ${what}`);
    return answered;
  };

  const over = (market: MarketData): MarketData => {
    const { corporateActions, volumeAround, hasEnded, staysUntil, endsAt } = market;
    return {
      source: market.source,
      now: market.now,
      session: market.session,
      instrument: (symbol) => unsure(`instrument ${symbol}`, market.instrument(symbol)),
      quote: (symbol) => unsure(`quote of ${symbol}`, market.quote(symbol)),
      lastTrade: (symbol) => unsure(`last trade in ${symbol}`, market.lastTrade(symbol)),
      freeze: (at) => over(market.freeze(at)),
      bars: (symbol, request) => unsure(`bars of ${symbol}`, market.bars(symbol, request)),
      ...(endsAt !== undefined && { endsAt }),
      ...(volumeAround !== undefined && {
        volumeAround: (symbol) => unsure(`volume of ${symbol}`, volumeAround(symbol)),
      }),
      ...(staysUntil !== undefined && {
        staysUntil: (symbol, within) => unsure(`calm of ${symbol}`, staysUntil(symbol, within)),
      }),
      ...(hasEnded !== undefined && {
        hasEnded: (symbol) => unsure(`end of ${symbol}`, hasEnded(symbol)),
      }),
      ...(corporateActions !== undefined && {
        corporateActions: (wanted) =>
          unsure(`actions of ${wanted.from} to ${wanted.to}`, corporateActions(wanted)),
      }),
      health: async () => {
        const health = await late(market.health());
        return { ...health, lagMs: health.lagMs + latencyMs, detail: `slow: ${health.detail}` };
      },
      close: market.close,
    };
  };
  return over(line);
};
