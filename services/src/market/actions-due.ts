import type { TradingDate } from '@sentinel/contracts/kernel';
import type { CorporateAction, MarketData } from '@sentinel/contracts/market';

/**
 * Splits and dividends that apply to what is held at the opening of `upTo`, in the order of their
 * ex-dates: all since the session of `after`, since an ex-date without a session counts for the next.
 * An account without a session before holds nothing, and has those of the day alone.
 */
export const actionsDue = async (
  { corporateActions }: Pick<MarketData, 'corporateActions'>,
  { after, upTo }: { readonly after: TradingDate | null; readonly upTo: TradingDate },
): Promise<readonly CorporateAction[]> => {
  if (corporateActions === undefined) return [];
  const due: CorporateAction[] = [];
  const last = Temporal.PlainDate.from(upTo);
  const first = after === null ? last : Temporal.PlainDate.from(after).add({ days: 1 });
  for (let day = first; Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    due.push(...(await corporateActions(day.toString() as TradingDate)));
  return due;
};
