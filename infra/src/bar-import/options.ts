import { parseArgs } from 'node:util';
import type { AlpacaSettings } from '../alpaca/index.ts';
import type { Config } from '../config/index.ts';
import { isZone } from './columns/known-zone.ts';

/** What the caller answers of what no file can prove, and what is to be done with it. */
export type ImportOptions = {
  readonly sources: readonly string[];
  readonly into: string;
  readonly dryRun: boolean;
  /** Zone of wall times, by its IANA name. */
  readonly zone: string | undefined;
  readonly stamp: 'start' | 'end' | undefined;
  readonly dateOrder: 'mdy' | 'dmy' | 'ymd' | undefined;
  readonly symbol: string | undefined;
  /** `date,open,-,close` by place, or `close=Price` by name. */
  readonly columns: string | undefined;
  /** Prices are multiplied by ten to this power, and volumes divided. */
  readonly scale: number;
  readonly repair: 'none' | 'safe';
  readonly decimal: 'point' | 'comma' | undefined;
  /** Whether what was paid lies in the prices already, or is to be paid to who holds the shares. */
  readonly dividends: 'in-price' | 'paid' | undefined;
  readonly calendar: 'nyse' | 'every-day';
  /** Dates of what is asked of a provider, both within; by default to now. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timeframe: '1Min' | '5Min' | '15Min' | '1Day';
  /** Where sources such as `alpaca:AAPL` are asked for. */
  readonly alpaca?: AlpacaSettings | undefined;
};

export class ImportProblem extends Error {}

const importUsage = `Usage: npm run import -- <file|folder|zip|gz|alpaca:SYMBOL>… [flags]
  --into DIR              the library; MARKET_DATA_DIR or ./bars
  --dry-run               proves and reports, and writes no bars
  --zone ZONE             what wall times are, such as UTC or America/Chicago
  --stamp start|end       which end of a bar its time tells
  --date-order mdy|dmy|ymd
  --decimal point|comma
  --symbol TICKER         of a file that does not say it
  --columns LIST          date,open,high,low,close,volume by place (- for none), or close=Price by name
  --scale FACTOR          a power of ten for prices: 0.0001 of deci-cents, 1000 for prices under a cent
  --dividends in-price|paid
  --repair none|safe      safe takes out empty rows and repeated bars, and mends dust, by line
  --calendar nyse|every-day  HISTORICAL_CALENDAR unless given
  --from DATE, --to DATE, --timeframe 1Min|5Min|15Min|1Day
                          of alpaca:SYMBOL, with ALPACA_API_KEY_ID and ALPACA_API_SECRET_KEY`;

const oneOf = <Choice extends string>(
  name: string,
  value: string | undefined,
  choices: readonly Choice[],
): Choice | undefined => {
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined)
    throw new ImportProblem(`--${name} must be ${choices.join(' or ')}, not ${value}.`);
  return found;
};

const zoneOf = (value: string | undefined): string | undefined => {
  if (value === undefined || isZone(value)) return value;
  throw new ImportProblem(`--zone ${value} is no zone: use a name such as UTC or America/Chicago.`);
};

const isDate = (text: string): boolean => {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
};

const dateOf = (name: string, value: string | undefined): string | undefined => {
  if (value === undefined || isDate(value)) return value;
  throw new ImportProblem(`--${name} ${value} is no date such as 2020-01-01.`);
};

const scaleOf = (value: string | undefined): number => {
  if (value === undefined) return 0;
  const power = Math.round(Math.log10(Number(value)));
  if (Math.abs(power) <= 12 && Number(value) === Number(`1e${power}`)) return power;
  throw new ImportProblem(`--scale ${value} is no power of ten such as 0.0001 or 1000.`);
};

const text = { type: 'string' } as const;

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        into: text,
        'dry-run': { type: 'boolean' },
        zone: text,
        stamp: text,
        'date-order': text,
        symbol: text,
        columns: text,
        scale: text,
        repair: text,
        decimal: text,
        dividends: text,
        calendar: text,
        from: text,
        to: text,
        timeframe: text,
      },
    });
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new ImportProblem(`${problem}\n${importUsage}`, { cause });
  }
};

/** @throws ImportProblem for flags that are not understood */
export const readOptions = (
  args: readonly string[],
  settings: Partial<Pick<Config, 'MARKET_DATA_DIR' | 'HISTORICAL_CALENDAR'>> = {},
): ImportOptions => {
  const { values, positionals } = parsed(args);
  if (positionals.length === 0) throw new ImportProblem(importUsage);
  return {
    sources: positionals,
    into: values.into ?? settings.MARKET_DATA_DIR ?? 'bars',
    dryRun: values['dry-run'] ?? false,
    zone: zoneOf(values.zone),
    stamp: oneOf('stamp', values.stamp, ['start', 'end']),
    dateOrder: oneOf('date-order', values['date-order'], ['mdy', 'dmy', 'ymd']),
    symbol: values.symbol?.toUpperCase(),
    columns: values.columns,
    scale: scaleOf(values.scale),
    repair: oneOf('repair', values.repair, ['none', 'safe']) ?? 'none',
    decimal: oneOf('decimal', values.decimal, ['point', 'comma']),
    dividends: oneOf('dividends', values.dividends, ['in-price', 'paid']),
    calendar:
      oneOf('calendar', values.calendar, ['nyse', 'every-day']) ??
      settings.HISTORICAL_CALENDAR ??
      'nyse',
    from: dateOf('from', values.from),
    to: dateOf('to', values.to),
    timeframe: oneOf('timeframe', values.timeframe, ['1Min', '5Min', '15Min', '1Day']) ?? '1Day',
  };
};
