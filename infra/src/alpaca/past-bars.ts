import {
  divide,
  exchangeDate,
  type Price,
  price,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { CorporateAction, Ticker } from '@sentinel/contracts/market';
import { corporateActions } from './actions.ts';
import { placeOf } from './bars.ts';
import { exactPrice } from './figures.ts';
import { type BarsWanted, openRest, type RestOptions } from './rest.ts';
import type { AlpacaSettings } from './settings.ts';

export type PastBarsWanted = {
  readonly symbol: Ticker;
  readonly timeframe: '1Min' | '5Min' | '15Min' | '1Day';
  /** Dates, both within. */
  readonly from: string;
  readonly to: string | undefined;
  /** Wall clock: bars that are not over are left out. */
  readonly nowMs: number;
  /** Told the start of the newest bar that has come. */
  readonly progress: (atMs: number) => void;
};

/** Raw bars as a file of the replay, and what beside them changed shares or paid on them. */
export type PastBars = {
  readonly text: string;
  readonly count: number;
  /** New shares to old by date, such as `4:1`. */
  readonly splits: ReadonlyMap<string, string>;
  /** Dollars per share of the last bar's day, by date. */
  readonly dividends: ReadonlyMap<string, string>;
};

/** Plans without a subscription may not ask for the last quarter of an hour of all exchanges. */
const embargoMs = 16 * 60_000;

const midnight = (date: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime('America/New_York').epochMilliseconds;

const isoOf = (ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: 'second' });

const dateAt = (ms: number): TradingDate =>
  exchangeDate(Temporal.Instant.fromEpochMilliseconds(ms));

const dividendsOf = (actions: readonly CorporateAction[]): ReadonlyMap<string, string> => {
  const paid = new Map<string, bigint>();
  for (const { exDate, dividend } of actions) {
    if (dividend === null) continue;
    const later = actions.flatMap(({ split, exDate: on }) =>
      split !== null && on > exDate ? [split] : [],
    );
    const [fresh, old] = later.reduce(
      ([f, o], { newShares, oldShares }) => [f * BigInt(newShares), o * BigInt(oldShares)],
      [1n, 1n],
    );
    paid.set(exDate, (paid.get(exDate) ?? 0n) + divide(dividend * old, fresh, 'half-even'));
  }
  return new Map([...paid].map(([date, each]) => [date, price.format(each as Price)]));
};

/** @throws MarketDataUnavailable */
export const pastBars = async (
  settings: AlpacaSettings,
  wanted: PastBarsWanted,
  options: RestOptions = {},
): Promise<PastBars> => {
  const { symbol, timeframe, nowMs } = wanted;
  const rest = openRest(settings, options);
  const end = wanted.to === undefined ? nowMs : midnight(wanted.to) + 86_400_000 - 1;
  const asked: BarsWanted = {
    ...{ timeframe, fromMs: midnight(wanted.from), toMs: Math.min(end, nowMs - embargoMs) },
    adjustment: 'raw',
    newestFirst: false,
  };
  const daily = timeframe === '1Day';
  const lines = [`${daily ? 'date' : 'timestamp'},open,high,low,close,volume`];
  let first: TradingDate | undefined;
  let last: TradingDate | undefined;
  for await (const page of rest.bars(symbol, asked)) {
    for (const { startMs, open, high, low, close, volume } of page) {
      const place = placeOf(startMs, timeframe);
      if (place === undefined || place.endMs > nowMs) continue;
      last = dateAt(startMs);
      first ??= last;
      const figures = [open, high, low, close].map((each) => price.format(exactPrice(each)));
      lines.push(`${daily ? last : isoOf(startMs)},${figures.join()},${volume}`);
    }
    wanted.progress(page.at(-1)?.startMs ?? nowMs);
  }
  if (first === undefined || last === undefined)
    return { text: '', count: 0, splits: new Map(), dividends: new Map() };
  const actions = (
    await corporateActions(rest, { symbols: [symbol], from: first, to: last })
  ).filter(({ exDate }) => exDate > (first ?? exDate));
  return {
    text: `${lines.join('\n')}\n`,
    count: lines.length - 1,
    splits: new Map(
      actions.flatMap(({ exDate, split }) =>
        split === null ? [] : [[exDate, `${split.newShares}:${split.oldShares}`]],
      ),
    ),
    dividends: dividendsOf(actions),
  };
};
