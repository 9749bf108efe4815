import {
  accepted,
  exchangeDate,
  exchangeMidnight,
  type Outcome,
  refused,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import {
  type BarSeries,
  type CorporateAction,
  exchangeDays,
  type MarketData,
  MarketDataUnavailable,
  type Ticker,
  type Timeframe,
} from '@sentinel/contracts/market';
import { actionsDue } from '../market/index.ts';
import type { StrategyDefinition } from '../strategy/index.ts';
import type { TestedSymbol } from './setup.ts';

/** Bars that a provider answers at once, and that are traded in where no beginning is named. */
const pageBars = 5_000;
/** Of one run in all. */
const mostBars = 1_000_000;

/** As far as one page goes. */
const anyTime = Number.NEGATIVE_INFINITY;

export type Span = {
  readonly start: TradingDate | undefined;
  readonly end: TradingDate | undefined;
};

const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;

const joined = (pages: readonly BarSeries[]): BarSeries => {
  const [first] = pages;
  if (first === undefined) throw new Error('no page of bars');
  const count = pages.reduce((sum, { start }) => sum + start.length, 0);
  const whole = (name: (typeof columns)[number]): Float64Array => {
    const column = new Float64Array(count);
    let at = 0;
    for (const page of pages) {
      column.set(page[name], at);
      at += page[name].length;
    }
    return column;
  };
  return { ...first, ...Object.fromEntries(columns.map((name) => [name, whole(name)])) };
};

/** Completed bars up to `asOf`, back to `fromMs` and some more to look back at, or as far as they go. */
const seriesOf = async (
  market: MarketData,
  { symbol, timeframe, asOf }: { symbol: Ticker; timeframe: Timeframe; asOf: Temporal.Instant },
  { fromMs, before }: { readonly fromMs: number; readonly before: number },
): Promise<BarSeries> => {
  const pages: BarSeries[] = [];
  let [until, behind, count] = [asOf, 0, 0];
  while (count < mostBars) {
    const page = await market.bars(symbol, { timeframe, limit: pageBars, asOf: until });
    const oldest = page.start[0];
    if (oldest === undefined || (pages[0]?.start[0] ?? Number.POSITIVE_INFINITY) <= oldest) {
      if (pages.length === 0) pages.push(page);
      break;
    }
    pages.unshift(page);
    count += page.start.length;
    behind += page.start.filter((start) => start < fromMs).length;
    if (behind >= before || page.start.length < pageBars || fromMs === anyTime) break;
    until = Temporal.Instant.fromEpochMilliseconds(oldest);
  }
  return joined(pages);
};

const dayAfter = (date: TradingDate): TradingDate =>
  Temporal.PlainDate.from(date).add({ days: 1 }).toString() as TradingDate;

/** When the bars of a run end: with a date's day, and never after the market's now. */
const endOf = (market: MarketData, end: TradingDate | undefined): Temporal.Instant => {
  const now = market.now();
  const asked = end === undefined ? now : exchangeMidnight(dayAfter(end));
  return Temporal.Instant.compare(asked, now) < 0 ? asked : now;
};

const nothing = (symbol: Ticker, { start, end }: Span) =>
  refused(
    'NO_DATA',
    `There are no bars of ${symbol} to trade in ${start ?? 'the beginning'} to ${end ?? 'now'}, with enough before them to look back at.`,
    'Give another time, or see what market.bars has.',
  );

/**
 * What happens to the shares after the first bar that is traded in: payments until the last one, and every
 * split until now, for the bars are in the shares of now.
 */
const actionsOf = async (
  market: MarketData,
  { symbol, start }: BarSeries,
  first: number,
): Promise<readonly CorporateAction[]> => {
  const dateOf = (bar: number) => exchangeDays.dateOf(exchangeDays.at(start.at(bar) as number));
  const [after, upTo, last] = [dateOf(first), exchangeDate(market.now()), dateOf(-1)];
  const due = await actionsDue(market, { after, upTo, symbols: [symbol] });
  return due.filter(({ exDate, split }) => split !== null || exDate <= last);
};

/** A symbol with the bars of a run, from the market port. @throws MarketDataUnavailable */
const testedOf = async (
  market: MarketData,
  symbol: Ticker,
  { rule, span }: { readonly rule: StrategyDefinition; readonly span: Span },
): Promise<Outcome<TestedSymbol>> => {
  const instrument = await market.instrument(symbol);
  if (instrument === undefined)
    return refused(
      'UNKNOWN_SYMBOL',
      `The ${market.source} market does not know ${symbol}.`,
      'Give a symbol that it lists.',
    );
  const asOf = endOf(market, span.end);
  const fromMs =
    span.start === undefined ? anyTime : exchangeMidnight(span.start).epochMilliseconds;
  const back = { fromMs, before: rule.historyBars };
  const { timeframe } = rule;
  const bars = await seriesOf(market, { symbol, timeframe, asOf }, back);
  const daily =
    timeframe === '1Day'
      ? bars
      : await seriesOf(market, { symbol, timeframe: '1Day', asOf }, { fromMs, before: 100 });
  const wanted = bars.start.findIndex((start) => start >= fromMs);
  // What the rule looks back at is no less than on paper, where there is as much.
  const least = Math.min(rule.historyBars, Math.floor(bars.start.length / 2));
  const first = Math.max(wanted, least);
  if (wanted < 0 || first >= bars.start.length) return nothing(symbol, span);
  const actions = await actionsOf(market, bars, first);
  return accepted({
    ...{ bars, daily, first, actions, sector: instrument.sector },
    borrow: instrument.borrow ?? null,
  });
};

/** Every symbol of a run, or why one cannot be had. */
export const gatherBars = async (
  market: MarketData,
  symbols: readonly Ticker[],
  of: { readonly rule: StrategyDefinition; readonly span: Span },
): Promise<Outcome<readonly TestedSymbol[]>> => {
  const tested: TestedSymbol[] = [];
  try {
    for (const symbol of symbols) {
      const found = await testedOf(market, symbol, of);
      if (!found.ok) return found;
      tested.push(found.value);
    }
  } catch (error) {
    if (!(error instanceof MarketDataUnavailable)) throw error;
    return refused('NO_DATA', `The bars cannot be had now: ${error.message}.`, 'Try again later.');
  }
  const count = tested.reduce((sum, { bars }) => sum + bars.start.length, 0);
  return count <= mostBars
    ? accepted(tested)
    : refused(
        'TOO_MANY_BARS',
        `The run has ${count} bars; ${mostBars} is the most.`,
        'Take a shorter time or fewer symbols.',
      );
};
