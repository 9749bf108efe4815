import type { OutputOf } from '@sentinel/contracts';
import {
  divide,
  formatDecimal,
  millisecondsBetween,
  price,
  quantity,
} from '@sentinel/contracts/kernel';
import type { BarSeries, Instrument, Quote } from '@sentinel/contracts/market';

type QuoteView = OutputOf<'GetQuote'>;
type BarColumns = OutputOf<'GetBars'>['bars'];
type BarView = NonNullable<OutputOf<'GetSnapshot'>['snapshots'][number]['day_bar']>;

/** Spread in basis points of the middle, to the hundredth. */
const spreadBps = ({ bid, ask }: Quote): string =>
  formatDecimal(divide((ask - bid) * 2_000_000n, ask + bid, 'half-even'), 2);

/** A quote as an answer shows it; `now` is the market's. */
export const viewOfQuote = (
  quote: Quote,
  now: Temporal.Instant,
  instrument: Pick<Instrument, 'madeUp'> | undefined,
): QuoteView => ({
  symbol: quote.symbol,
  ...(instrument?.madeUp && { made_up: true }),
  bid: price.format(quote.bid),
  ask: price.format(quote.ask),
  bid_size: quantity.format(quote.bidSize),
  ask_size: quantity.format(quote.askSize),
  last: price.format(quote.last),
  spread_bps: spreadBps(quote),
  at: quote.at,
  age_ms: Math.max(0, millisecondsBetween(quote.at, now)),
  source: quote.source,
});

/** A quote among others, without what is said once of all or by market.quote. */
export const shortQuote = ({
  symbol: _,
  bid_size,
  ask_size,
  at,
  source,
  ...quote
}: QuoteView): OutputOf<'GetSnapshot'>['snapshots'][number]['quote'] => quote;

/** Bars as an answer shows them; prices return exactly to the decimals that they came from. */
export const viewOfBars = (bars: BarSeries): BarView[] =>
  Array.from(bars.start, (start, i) => {
    const at = (column: Float64Array) => price.format(price.fromFloat(column[i] as number));
    return {
      start: Temporal.Instant.fromEpochMilliseconds(start),
      open: at(bars.open),
      high: at(bars.high),
      low: at(bars.low),
      close: at(bars.close),
      volume: quantity.format(quantity.fromShares(Math.round(bars.volume[i] as number))),
    };
  });

/** The same bars by column, which says each name once. */
export const columnsOf = (bars: readonly BarView[]): BarColumns => ({
  start: bars.map(({ start }) => start),
  open: bars.map(({ open }) => open),
  high: bars.map(({ high }) => high),
  low: bars.map(({ low }) => low),
  close: bars.map(({ close }) => close),
  volume: bars.map(({ volume }) => volume),
});
