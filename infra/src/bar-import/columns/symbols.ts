import { tickerSchema } from '@sentinel/contracts/market';

/** Words of file names that are no ticker. */
const words = new Set(
  (
    'DAILY DAY MIN MINUTE MINUTES HOUR HOURLY TRADE TRADES QUOTE DATA HISTORICAL HISTORICALDATA HISTORY ' +
    'PRICES PRICE STOCK STOCKS BARS BAR OHLC OHLCV CSV TXT JSON ADJUSTED UNADJUSTED ADJ RAW FULL ' +
    'SAMPLE EXPORT DOWNLOAD NASDAQ NYSE AMEX BATS ARCA DAT ASCII MT NT WIKI EOD FIRSTRATE FIRSTRATEDATA ' +
    'KIBOT ADJSPLIT ADJSPLITDIV UNADJ QUERY INTRADAY UTC EST COMPACT RTH ETH CANDLES KLINES AGGS SPLITDIV ' +
    'US YAHOO STOOQ TIINGO ALPACA POLYGON DATABENTO WEEKLY MONTHLY TEST TABLE RESULTS TIMESERIES'
  ).split(' '),
);
/** AAPL5 may be five minutes of AAPL: a name of letters and digits tells nothing for sure. */
const endsInDigits = /^[A-Z]+\d+$/;
const isTimeframe =
  /^(M\d+|H\d+|D\d*|W\d*|\d+(M|MIN|MINS|MINUTE|H|HOUR|D|DAY|S|SEC|W|MO)?|[A-F0-9]{12,})$/;

/** A symbol as sources write it: Stooq's `aapl.us`, Yahoo's `BRK-B`, Quandl's `WIKI/AAPL`. */
export const tickerFrom = (text: string): string | undefined => {
  const bare = text
    .trim()
    .toUpperCase()
    .replace(/^[A-Z]+[:/]/, '')
    .replace(/\.US$/, '');
  const ticker = tickerSchema.safeParse(bare);
  return ticker.success ? ticker.data : undefined;
};

/**
 * The ticker in a file's name, when it is the only thing there that could be one; undefined when there
 * is none, or more than one.
 */
export const tickerInName = (file: string): string | undefined => {
  const stem = file.replace(/(\.(csv|txt|json|gz|tsv|dat|prn|data))+$/i, '');
  const whole = tickerFrom(stem);
  const known = (part: string) => words.has(part) || isTimeframe.test(part);
  if (whole !== undefined && !known(whole)) return endsInDigits.test(whole) ? undefined : whole;
  const parts = stem
    .toUpperCase()
    .replace(/\.US\b/, '')
    .split(/[^A-Z0-9.]+/)
    .filter((part) => part !== '' && !known(part) && !/^\d/.test(part));
  const tickers = [...new Set(parts.flatMap((part) => tickerFrom(part) ?? []))];
  const [only] = tickers;
  if (only === undefined || tickers.length > 1 || parts.length > 1) return undefined;
  return endsInDigits.test(only) ? undefined : only;
};
