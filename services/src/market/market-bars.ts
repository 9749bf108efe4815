import { price, type Quantity } from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  type MarketBar,
  type MarketData,
  timeframeMinutes,
} from '@sentinel/contracts/market';

const quantityScale = 1e9;
const dayMs = 86_400_000;

/** Bars of a series from one index on, in exact figures, as orders meet them. */
export const marketBars = (
  bars: BarSeries,
  {
    from,
    market,
  }: { readonly from: number; readonly market: Pick<MarketData, 'session' | 'source'> },
): readonly MarketBar[] =>
  Array.from({ length: bars.start.length - from }, (_, n) => {
    const i = from + n;
    const at = (column: Float64Array) => price.fromFloat(column[i] as number);
    return {
      symbol: bars.symbol,
      ...spanOf(bars, i, market),
      open: at(bars.open),
      high: at(bars.high),
      low: at(bars.low),
      close: at(bars.close),
      volume: BigInt(Math.round((bars.volume[i] as number) * quantityScale)) as Quantity,
      source: market.source,
    };
  });

/** A daily bar is its session, and the whole day where the market never closes. */
const spanOf = (
  { start, timeframe }: BarSeries,
  i: number,
  market: Pick<MarketData, 'session'>,
): Pick<MarketBar, 'start' | 'end'> => {
  const begins = Temporal.Instant.fromEpochMilliseconds(start[i] as number);
  if (timeframe !== '1Day')
    return { start: begins, end: begins.add({ minutes: timeframeMinutes[timeframe] }) };
  const { opensAt, closesAt } = market.session(begins);
  return opensAt === null || closesAt === null
    ? { start: begins, end: begins.add({ milliseconds: dayMs }) }
    : { start: opensAt, end: closesAt };
};
