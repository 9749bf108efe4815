import type { LogPosition, Money, ReadStore } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { positionKey } from '../../kernel/index.ts';
import type { Trade, TradesRow } from './rows.ts';
import { netPnl } from './trade.ts';
import { bookKey, trades } from './view.ts';

/** A trade, where in the log it ended, and what the account has got out of it until now. */
type TradeAt = Trade & {
  /** Null while it is open. */
  readonly end: LogPosition | null;
  readonly net: Money;
};

/** More trades of one symbol than an order and its exits come to. */
const mostTrades = 20;

const parsed = (stored: unknown): TradesRow => trades.row.parse(stored) as TradesRow;

/**
 * The trades of a symbol that were open anywhere from position `from` to position `to` of the log, the
 * oldest first, the one that is open now among them; at most 20. @throws ViewParked, ReadStoreUnavailable
 */
export const tradesBetween = async (
  readStore: ReadStore,
  {
    account,
    symbol,
    from,
    to,
  }: {
    readonly account: string;
    readonly symbol: Ticker;
    readonly from: LogPosition;
    readonly to: LogPosition;
  },
): Promise<readonly TradeAt[]> => {
  // The first that closes at an execution or after it is the one that it belongs to.
  const cursor = positionKey((from - 1n) as LogPosition);
  const where = { account, symbol };
  // Read before the others: one that closes meanwhile is found among them, and not missed.
  const { value: book } = await readStore.get(trades.view, bookKey(account, symbol));
  const { value } = await readStore.find(trades.view, { where, cursor, limit: mostTrades });
  const found: TradeAt[] = [];
  for (const { key, row } of value) {
    if ((found.at(-1)?.end ?? -1n) >= to) return found;
    const { trade } = parsed(row);
    const end = BigInt(key.slice('00'.length)) as LogPosition;
    if (trade !== null) found.push({ ...trade, end, net: netPnl(trade) });
  }
  const open = book === undefined ? null : (parsed(book).book?.open ?? null);
  const closed = found.some(({ tradeId }) => tradeId === open?.tradeId);
  return open === null || closed || (found.at(-1)?.end ?? -1n) >= to
    ? found
    : [...found, { ...open, end: null, net: netPnl(open) }];
};
