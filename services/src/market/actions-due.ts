import type { TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction, MarketData, Ticker } from '@sentinel/contracts/market';

/**
 * Splits and dividends that apply to what is held at the opening of `upTo`, in the order of their
 * ex-dates: all since the session of `after`, since an ex-date without a session counts for the next.
 * An account without a session before holds nothing, and has those of the day alone.
 */
export const actionsDue = async (
  { corporateActions }: Pick<MarketData, 'corporateActions'>,
  {
    after,
    upTo,
    symbols,
  }: {
    readonly after: TradingDate | null;
    readonly upTo: TradingDate;
    readonly symbols?: readonly Ticker[];
  },
): Promise<readonly CorporateAction[]> => {
  if (corporateActions === undefined) return [];
  const from = after === null ? upTo : dayAfter(after);
  return from > upTo ? [] : corporateActions({ from, to: upTo, ...(symbols && { symbols }) });
};

const dayAfter = (date: TradingDate): TradingDate =>
  Temporal.PlainDate.from(date).add({ days: 1 }).toString() as TradingDate;
