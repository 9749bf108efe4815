import { type ReferenceBar, wall } from './reference.ts';

/** A vendor's file of bars of five minutes. `zone` is that of wall times that do not say it. */
export type IntradaySample = {
  readonly vendor: string;
  readonly file: string;
  readonly zone: string | null;
  readonly flags?: readonly string[];
  readonly write: (bars: readonly ReferenceBar[], zone: string) => string;
};

const ohlc = ({ open, high, low, close }: ReferenceBar): string => [open, high, low, close].join();
const newYork = 'America/New_York';
const table =
  (header: string | null, row: (bar: ReferenceBar, time: string) => string) =>
  (bars: readonly ReferenceBar[], zone: string) =>
    `${[...(header === null ? [] : [header]), ...bars.map((bar) => row(bar, wall(bar.ms, zone)))].join('\n')}\n`;
const iso = ({ ms }: ReferenceBar): string => new Date(ms).toISOString();
const dotted = (time: string): string => time.slice(0, 10).replaceAll('-', '.');
const american = (time: string): string =>
  `${time.slice(5, 7)}/${time.slice(8, 10)}/${time.slice(0, 4)}`;
const compact = (time: string): string => time.slice(0, 10).replaceAll('-', '');

export const intradaySamples: readonly IntradaySample[] = [
  {
    vendor: 'FirstRate',
    file: 'AAPL_5min_firstratedata.csv',
    zone: newYork,
    write: table(null, (bar, time) => `${time},${ohlc(bar)},${bar.volume}`),
  },
  {
    vendor: 'Kibot',
    file: 'AAPL.txt',
    zone: newYork,
    write: table(
      null,
      (bar, time) => `${american(time)},${time.slice(11, 16)},${ohlc(bar)},${bar.volume}`,
    ),
  },
  {
    vendor: 'HistData',
    file: 'DAT_ASCII_AAPL_M1_2021.csv',
    zone: 'Etc/GMT+5',
    write: table(
      null,
      (bar, time) =>
        `${compact(time)} ${time.slice(11).replaceAll(':', '')};${ohlc(bar).replaceAll(',', ';')};${bar.volume}`,
    ),
  },
  {
    vendor: 'MetaTrader 4',
    file: 'AAPL5.csv',
    flags: ['--symbol', 'AAPL'],
    zone: 'Europe/Athens',
    write: table(
      null,
      (bar, time) => `${dotted(time)},${time.slice(11, 16)},${ohlc(bar)},${bar.volume}`,
    ),
  },
  {
    vendor: 'MetaTrader 5',
    file: 'AAPL_M5.csv',
    zone: 'Europe/Athens',
    write: table(
      '<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>',
      (bar, time) =>
        `${dotted(time)}\t${time.slice(11)}\t${ohlc(bar).replaceAll(',', '\t')}\t${bar.volume}\t${bar.volume}\t1`,
    ),
  },
  {
    vendor: 'Alpha Vantage',
    file: 'intraday_5min_AAPL.csv',
    zone: newYork,
    write: (bars, zone) =>
      table(
        'timestamp,open,high,low,close,volume',
        (bar, time) => `${time},${ohlc(bar)},${bar.volume}`,
      )([...bars].reverse(), zone),
  },
  {
    vendor: 'Stooq',
    file: 'aapl.us.txt',
    zone: 'Europe/Berlin',
    write: table(
      '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>',
      (bar, time) =>
        `AAPL.US,5,${compact(time)},${time.slice(11).replaceAll(':', '')},${ohlc(bar)},${bar.volume},0`,
    ),
  },
  {
    vendor: 'backtrader',
    file: 'AAPL.csv',
    zone: newYork,
    write: table(
      'datetime,open,high,low,close,volume,openinterest',
      (bar, time) => `${time},${ohlc(bar)},${bar.volume},0`,
    ),
  },
  {
    vendor: 'yfinance',
    file: 'AAPL.csv',
    zone: null,
    write: table(
      'Datetime,Open,High,Low,Close,Adj Close,Volume',
      (bar) =>
        `${iso(bar).replace('T', ' ').replace('.000Z', '+00:00')},${ohlc(bar)},${bar.close},${bar.volume}`,
    ),
  },
  {
    vendor: 'Alpaca, CSV',
    file: 'AAPL.csv',
    zone: null,
    write: table(
      'symbol,timestamp,open,high,low,close,volume,trade_count,vwap',
      (bar) => `AAPL,${iso(bar)},${ohlc(bar)},${bar.volume},1,1`,
    ),
  },
  {
    vendor: 'Polygon, flat file',
    file: 'minute_aggs.csv',
    zone: null,
    write: table(
      'ticker,volume,open,close,high,low,window_start,transactions',
      (bar) =>
        `AAPL,${bar.volume},${bar.open},${bar.close},${bar.high},${bar.low},${bar.ms}000000,7`,
    ),
  },
  {
    vendor: 'Databento',
    file: 'ohlcv.csv',
    zone: null,
    write: table(
      'ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol',
      (bar) =>
        `${iso(bar).replace('.000Z', '.000000000Z')},33,2,32,${ohlc(bar)},${bar.volume},AAPL`,
    ),
  },
  {
    vendor: 'Binance',
    file: 'AAPL-5m-2021-01.csv',
    zone: null,
    write: table(
      null,
      (bar) => `${bar.ms},${ohlc(bar)},${bar.volume},${bar.ms + 299_999},1,1,1,1,0`,
    ),
  },
  {
    vendor: 'Binance, microseconds',
    file: 'AAPL-5m-2025-01.csv',
    zone: null,
    write: table(
      'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore',
      (bar) => `${bar.ms}000,${ohlc(bar)},${bar.volume},${bar.ms + 299_999}000,1,1,1,1,0`,
    ),
  },
  {
    vendor: 'TradingView',
    file: 'BATS_AAPL, 5.csv',
    zone: null,
    write: table(
      'time,open,high,low,close,Volume',
      (bar) => `${bar.ms / 1_000},${ohlc(bar)},${bar.volume}`,
    ),
  },
  {
    vendor: 'TradingView, ISO',
    file: 'BATS_AAPL, 5.csv',
    zone: null,
    write: table(
      'time,open,high,low,close,Volume',
      (bar) => `${iso(bar).replace('.000', '')},${ohlc(bar)},${bar.volume}`,
    ),
  },
  {
    vendor: 'Interactive Brokers',
    file: 'AAPL.csv',
    zone: null,
    write: (bars) =>
      table(
        'date,open,high,low,close,volume',
        (bar, time) => `${compact(time)} ${time.slice(11)} US/Eastern,${ohlc(bar)},${bar.volume}`,
      )(bars, newYork),
  },
  {
    vendor: 'Dukascopy',
    file: 'AAPL.csv',
    zone: null,
    write: (bars) =>
      table(
        'Gmt time,Open,High,Low,Close,Volume',
        (bar, time) =>
          `${time.slice(8, 10)}.${time.slice(5, 7)}.${time.slice(0, 4)} ${time.slice(11)}.000,${ohlc(bar)},${bar.volume}`,
      )(bars, 'UTC'),
  },
];
