import type { ReferenceBar } from './reference.ts';

/** A vendor's file of daily bars: made here, in the shape that its documentation and exports show. */
export type DailySample = {
  readonly vendor: string;
  readonly file: string;
  readonly write: (bars: readonly ReferenceBar[]) => string | Uint8Array;
};

const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`;
const newestFirst = (bars: readonly ReferenceBar[]) => [...bars].reverse();
const american = ({ date }: ReferenceBar): string =>
  `${date.slice(5, 7)}/${date.slice(8)}/${date.slice(0, 4)}`;
const european = ({ date }: ReferenceBar): string =>
  `${date.slice(8)}.${date.slice(5, 7)}.${date.slice(0, 4)}`;
const compact = ({ date }: ReferenceBar): string => date.replaceAll('-', '');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const worded = ({ date }: ReferenceBar): string =>
  `${months[Number(date.slice(5, 7)) - 1]} ${date.slice(8)}, ${date.slice(0, 4)}`;
const ohlc = ({ open, high, low, close }: ReferenceBar): string => [open, high, low, close].join();
const grouped = (volume: number): string => volume.toLocaleString('en-US');
const comma = (text: string): string => text.replace('.', ',');
const deciCents = (text: string): string => String(Math.round(Number(text) * 10_000));
/** Volume in millions with as many places as keep it whole. */
const millions = (volume: number): string => `${(volume / 1e6).toFixed(6)}M`;

const table =
  (header: string, row: (bar: ReferenceBar) => string) => (bars: readonly ReferenceBar[]) =>
    lines(header, ...bars.map(row));

const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');

export const dailySamples: readonly DailySample[] = [
  {
    vendor: 'Yahoo, old',
    file: 'AAPL.csv',
    write: table(
      'Date,Open,High,Low,Close,Adj Close,Volume',
      (bar) => `${bar.date},${ohlc(bar)},${(Number(bar.close) * 0.97).toFixed(6)},${bar.volume}`,
    ),
  },
  {
    vendor: 'Yahoo, new',
    file: 'AAPL.csv',
    write: (bars) =>
      lines(
        'Date,Open,High,Low,"Close Close price adjusted for splits.","Adj Close",Volume'.replace(
          '"Close Close price adjusted for splits."',
          'Close',
        ),
        ...newestFirst(bars).map(
          (bar) => `"${worded(bar)}",${ohlc(bar)},${bar.close},"${grouped(bar.volume)}"`,
        ),
      ),
  },
  {
    vendor: 'yfinance',
    file: 'AAPL.csv',
    write: table(
      'Date,Open,High,Low,Close,Volume,Dividends,Stock Splits',
      (bar) => `${bar.date} 00:00:00-05:00,${ohlc(bar)},${bar.volume},0.0,0.0`,
    ),
  },
  {
    vendor: 'yfinance, two headers',
    file: 'AAPL.csv',
    write: (bars) =>
      lines(
        'Price,Close,High,Low,Open,Volume',
        'Ticker,AAPL,AAPL,AAPL,AAPL,AAPL',
        'Date,,,,,',
        ...bars.map(
          (bar) => `${bar.date},${bar.close},${bar.high},${bar.low},${bar.open},${bar.volume}`,
        ),
      ),
  },
  {
    vendor: 'Stooq, web',
    file: 'aapl_us_d.csv',
    write: table(
      'Date,Open,High,Low,Close,Volume',
      (bar) => `${bar.date},${ohlc(bar)},${bar.volume}`,
    ),
  },
  {
    vendor: 'Stooq, bulk',
    file: 'aapl.us.txt',
    write: table(
      '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>',
      (bar) => `AAPL.US,D,${compact(bar)},000000,${ohlc(bar)},${bar.volume},0`,
    ),
  },
  {
    vendor: 'Alpha Vantage',
    file: 'daily_AAPL.csv',
    write: (bars) =>
      lines(
        'timestamp,open,high,low,close,volume',
        ...newestFirst(bars).map((bar) => `${bar.date},${ohlc(bar)},${bar.volume}`),
      ),
  },
  {
    vendor: 'Alpha Vantage, adjusted',
    file: 'daily_adjusted_AAPL.csv',
    write: (bars) =>
      lines(
        'timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient',
        ...newestFirst(bars).map(
          (bar) => `${bar.date},${ohlc(bar)},${bar.close},${bar.volume},0.0000,1.0`,
        ),
      ),
  },
  {
    vendor: 'Alpha Vantage, JSON',
    file: 'query.json',
    write: (bars) =>
      JSON.stringify({
        'Meta Data': {
          '1. Information': 'Daily Prices',
          '2. Symbol': 'AAPL',
          '5. Time Zone': 'US/Eastern',
        },
        'Time Series (Daily)': Object.fromEntries(
          newestFirst(bars).map((bar) => [
            bar.date,
            {
              '1. open': bar.open,
              '2. high': bar.high,
              '3. low': bar.low,
              '4. close': bar.close,
              '5. volume': String(bar.volume),
            },
          ]),
        ),
      }),
  },
  {
    vendor: 'Tiingo',
    file: 'AAPL.csv',
    write: table(
      'date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,divCash,splitFactor',
      (bar) =>
        `${bar.date} 00:00:00+00:00,${bar.close},${bar.high},${bar.low},${bar.open},${bar.volume},${bar.close},${bar.high},${bar.low},${bar.open},${bar.volume},0.0,1.0`,
    ),
  },
  {
    vendor: 'Nasdaq',
    file: 'HistoricalData_AAPL.csv',
    write: (bars) =>
      lines(
        'Date,Close/Last,Volume,Open,High,Low',
        ...newestFirst(bars).map(
          (bar) =>
            `${american(bar)},$${bar.close},${bar.volume},$${bar.open},$${bar.high},$${bar.low}`,
        ),
      ),
  },
  {
    vendor: 'Investing.com',
    file: 'AAPL Historical Data.csv',
    write: (bars) =>
      `\uFEFF${lines('"Date","Price","Open","High","Low","Vol.","Change %"', ...newestFirst(bars).map((bar) => `"${american(bar)}","${bar.close}","${bar.open}","${bar.high}","${bar.low}","${millions(bar.volume)}","0.50%"`))}`,
  },
  {
    vendor: 'Alpaca, CSV',
    file: 'bars.csv',
    write: table(
      'symbol,timestamp,open,high,low,close,volume,trade_count,vwap',
      (bar) =>
        `AAPL,${new Date(bar.ms).toISOString().replace('T', ' ').replace('.000Z', '+00:00')},${ohlc(bar)},${bar.volume}.0,900.0,${bar.close}`,
    ),
  },
  {
    vendor: 'Alpaca, JSON',
    file: 'bars.json',
    write: (bars) =>
      JSON.stringify({
        bars: {
          AAPL: bars.map((bar) => ({
            c: Number(bar.close),
            h: Number(bar.high),
            l: Number(bar.low),
            n: 900,
            o: Number(bar.open),
            t: new Date(bar.ms).toISOString().replace('.000', ''),
            v: bar.volume,
            vw: 1,
          })),
        },
        next_page_token: null,
      }),
  },
  {
    vendor: 'Polygon, JSON',
    file: 'aggs.json',
    write: (bars) =>
      JSON.stringify({
        ticker: 'AAPL',
        adjusted: true,
        results: bars.map((bar) => ({
          v: bar.volume,
          vw: 1,
          o: Number(bar.open),
          c: Number(bar.close),
          h: Number(bar.high),
          l: Number(bar.low),
          t: bar.ms,
          n: 5,
        })),
      }),
  },
  {
    vendor: 'Polygon, flat file',
    file: 'day_aggs.csv',
    write: table(
      'ticker,volume,open,close,high,low,window_start,transactions',
      (bar) =>
        `AAPL,${bar.volume},${bar.open},${bar.close},${bar.high},${bar.low},${bar.ms}000000,7`,
    ),
  },
  {
    vendor: 'Databento',
    file: 'ohlcv-1d.csv',
    write: table(
      'ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol',
      (bar) =>
        `${Date.parse(bar.date)}000000,35,2,32,${[bar.open, bar.high, bar.low, bar.close].map((price) => `${deciCents(price)}00000`).join()},${bar.volume},AAPL`,
    ),
  },
  {
    vendor: 'Kibot',
    file: 'AAPL.txt',
    write: (bars) => lines(...bars.map((bar) => `${american(bar)},${ohlc(bar)},${bar.volume}`)),
  },
  {
    vendor: 'FirstRate',
    file: 'AAPL_full_1day_adjsplit.txt',
    write: (bars) => lines(...bars.map((bar) => `${bar.date},${ohlc(bar)},${bar.volume}`)),
  },
  {
    vendor: 'MetaTrader 5',
    file: 'AAPL_D1.csv',
    write: (bars) =>
      utf16(
        table(
          '<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>',
          (bar) =>
            `${bar.date.replaceAll('-', '.')}\t${ohlc(bar).replaceAll(',', '\t')}\t5\t${bar.volume}\t1`,
        )(bars),
      ),
  },
  {
    vendor: 'TradingView',
    file: 'NASDAQ_AAPL, 1D.csv',
    write: table(
      'time,open,high,low,close,Volume',
      (bar) =>
        `${(bar.ms + 34_200_000 + (new Date(bar.ms).getUTCHours() === 0 ? 0 : 0)) / 1_000},${ohlc(bar)},${bar.volume}`,
    ),
  },
  {
    vendor: 'Interactive Brokers',
    file: 'AAPL.csv',
    write: table(
      ',date,open,high,low,close,volume,average,barCount',
      (bar) => `0,${bar.date},${ohlc(bar)},${bar.volume},${bar.close},33`,
    ),
  },
  {
    vendor: 'Quandl',
    file: 'WIKI-AAPL.csv',
    write: (bars) =>
      lines(
        'Date,Open,High,Low,Close,Volume,Ex-Dividend,Split Ratio,Adj. Open,Adj. High,Adj. Low,Adj. Close,Adj. Volume',
        ...newestFirst(bars).map(
          (bar) => `${bar.date},${ohlc(bar)},${bar.volume}.0,0.0,1.0,${ohlc(bar)},${bar.volume}.0`,
        ),
      ),
  },
  {
    vendor: 'Kaggle, S&P 500',
    file: 'all_stocks_5yr.csv',
    write: (bars) =>
      lines(
        'date,open,high,low,close,volume,Name',
        ...['AAPL', 'MSFT'].flatMap((name) =>
          bars.map((bar) => `${bar.date},${ohlc(bar)},${bar.volume},${name}`),
        ),
      ),
  },
  {
    vendor: 'Lean',
    file: 'aapl.csv',
    write: (bars) =>
      lines(
        ...bars.map(
          (bar) =>
            `${compact(bar)} 00:00,${[bar.open, bar.high, bar.low, bar.close].map(deciCents).join()},${bar.volume}`,
        ),
      ),
  },
  {
    vendor: 'backtesting.py',
    file: 'AAPL.csv',
    write: table(',Open,High,Low,Close,Volume', (bar) => `${bar.date},${ohlc(bar)},${bar.volume}`),
  },
  {
    vendor: 'backtrader',
    file: 'AAPL.txt',
    write: table(
      'Date,Time,Open,High,Low,Close,Volume,OpenInterest',
      (bar) => `${bar.date},00:00:00,${ohlc(bar)},${bar.volume},0`,
    ),
  },
  {
    vendor: 'a spreadsheet in German',
    file: 'AAPL.csv',
    write: (bars) =>
      lines(
        'sep=;',
        '# Kurse',
        'Datum;Open;High;Low;Close;Volume',
        ...bars.map(
          (bar) =>
            `${european(bar)};${comma(bar.open)};${comma(bar.high)};${comma(bar.low)};${comma(bar.close)};${bar.volume.toLocaleString('de-DE')}`,
        ),
      ),
  },
  {
    vendor: 'scientific figures',
    file: 'AAPL.csv',
    write: table(
      'Date,Open,High,Low,Close,Volume',
      (bar) =>
        `${bar.date},${[bar.open, bar.high, bar.low, bar.close].map((price) => Number(price).toExponential(8)).join()},${bar.volume.toExponential(8)}`,
    ),
  },
];
