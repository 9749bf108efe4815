import {
  divide,
  exchangeDate,
  type Price,
  parseDecimal,
  type TradingDate,
  tradingDateSchema,
} from '@sentinel/contracts/kernel';
import {
  type CorporateAction,
  MarketDataUnavailable,
  type Ticker,
  tickerSchema,
} from '@sentinel/contracts/market';
import type { Rest } from './rest.ts';

/** A payment is listed under the day on which it is made, weeks after its ex-date. */
const daysUntilPaid = 60;

const dateOf = (date: Date): TradingDate =>
  tradingDateSchema.decode(date.toISOString().slice(0, 10));

/** A rate such as 1.5 for 1 in whole shares, without common divisors. */
const wholeShares = (
  newRate: number,
  oldRate: number,
): { readonly newShares: number; readonly oldShares: number } => {
  const [fresh, old] = [newRate, oldRate].map((rate) => parseDecimal(String(rate), 9));
  if (fresh === undefined || old === undefined || fresh <= 0n || old <= 0n)
    throw new MarketDataUnavailable(`Alpaca told a split of ${newRate} for ${oldRate}.`);
  let [a, b] = [fresh, old];
  while (b > 0n) [a, b] = [b, a % b];
  return { newShares: Number(fresh / a), oldShares: Number(old / a) };
};

/** Dollars per share to the nearest millionth: payments are told with up to nine digits and more. */
const payment = (rate: number): Price => {
  const exact = parseDecimal(String(rate), 15);
  if (exact === undefined || exact < 0n)
    throw new MarketDataUnavailable(`Alpaca told a dividend of ${rate}.`);
  return divide(exact, 10n ** 9n, 'half-even') as Price;
};

type Told = { readonly symbol: string; readonly exDate: Date };

/** Splits and cash dividends that go ex from one date to another, in the order of their dates. */
export const corporateActions = async (
  rest: Rest,
  of: {
    readonly symbols?: readonly Ticker[];
    readonly from: TradingDate;
    readonly to: TradingDate;
  },
): Promise<readonly CorporateAction[]> => {
  const until = Temporal.PlainDate.from(of.to).add({ days: daysUntilPaid }).toString();
  const pages = await rest.corporateActions({
    ...(of.symbols !== undefined && { symbols: of.symbols.join(',') }),
    ...{ from: of.from, to: until },
  });
  const found = new Map<string, CorporateAction>();
  const take = (
    { symbol, exDate }: Told,
    what: Pick<CorporateAction, 'split' | 'dividend'>,
  ): void => {
    const ticker = tickerSchema.safeParse(symbol).data;
    const date = dateOf(exDate);
    if (ticker === undefined || date < of.from || date > of.to) return;
    const key = `${date} ${ticker} ${JSON.stringify(what.split)} ${what.dividend}`;
    found.set(key, { symbol: ticker, exDate: date, ...what });
  };
  for (const { forwardSplits = [], reverseSplits = [], cashDividends = [] } of pages) {
    for (const split of [...forwardSplits, ...reverseSplits])
      take(split, { split: wholeShares(split.newRate, split.oldRate), dividend: null });
    for (const paid of cashDividends) {
      const dividend = payment(paid.rate);
      if (dividend > 0n) take(paid, { split: null, dividend });
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, action]) => action);
};

/** A price in the shares after an action, without what was paid on them: never nothing. */
const priceAfter = (micros: bigint, { split, dividend }: CorporateAction): bigint => {
  const inNewShares =
    split === null
      ? micros
      : divide(micros * BigInt(split.oldShares), BigInt(split.newShares), 'half-even');
  const left = inNewShares - (dividend ?? 0n);
  return left > 0n ? left : 1n;
};

/** A price of a day in the shares of a later session, as what has happened to them since leaves it. */
export const inSharesOf = async (
  rest: Rest,
  traded: { readonly symbol: Ticker; readonly price: Price; readonly atMs: number },
  date: TradingDate,
): Promise<Price> => {
  const day = exchangeDate(Temporal.Instant.fromEpochMilliseconds(traded.atMs));
  if (day >= date) return traded.price;
  const next = tradingDateSchema.decode(Temporal.PlainDate.from(day).add({ days: 1 }).toString());
  const since = await corporateActions(rest, { symbols: [traded.symbol], from: next, to: date });
  return since.reduce(priceAfter, traded.price) as Price;
};
