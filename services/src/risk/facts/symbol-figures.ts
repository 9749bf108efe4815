import type { EventMetadata, Sha256 } from '@sentinel/contracts/kernel';
import { boundedCache } from '@sentinel/contracts/kernel';
import type { BarSeries, MarketData, Ticker } from '@sentinel/contracts/market';
import {
  type DailyFigures,
  dailyFigures,
  type EvidenceLocker,
  figureBars,
  ifAvailable,
} from '../../market/index.ts';

/** Figures of a symbol's daily bars, with the bars and the digest by which they are kept. */
export type SymbolFigures = DailyFigures & {
  readonly bars: BarSeries;
  readonly digest: Sha256;
};

const cachedSymbols = 2_000;

/**
 * Figures of the completed daily bars, reckoned once and kept as evidence first. A daily bar is
 * complete when its session ends, so within one state of one session they stand. Undefined while the
 * market has none to tell; then it is asked again the next time.
 */
export const symbolFigures = ({
  market,
  evidence,
}: {
  readonly market: MarketData;
  readonly evidence: EvidenceLocker;
}) => {
  const cache = boundedCache<string, Promise<SymbolFigures | undefined>>(cachedSymbols);

  const ask = async (symbol: Ticker, metadata: EventMetadata) => {
    const bars = await ifAvailable(market.bars(symbol, { timeframe: '1Day', limit: figureBars }));
    if (bars === undefined || bars.start.length === 0) return undefined;
    return { ...dailyFigures(bars), bars, digest: await evidence.keep(bars, metadata) };
  };

  return async (symbol: Ticker, metadata: EventMetadata): Promise<SymbolFigures | undefined> => {
    const { date, state } = market.session(market.now());
    const key = `${symbol} ${date} ${state}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const asking = ask(symbol, metadata);
    cache.set(key, asking);
    const figures = await asking.catch((error: unknown) => {
      cache.delete(key);
      throw error;
    });
    if (figures === undefined) cache.delete(key);
    return figures;
  };
};
