import type { Handlers } from '@sentinel/contracts';
import {
  type AsOf,
  accepted,
  money,
  quantity,
  type ReadStore,
  refused,
} from '@sentinel/contracts/kernel';
import { type MarketData, tradingMode } from '@sentinel/contracts/market';
import { buyingPower } from '@sentinel/contracts/portfolio';
import { answering } from '../kernel/index.ts';
import { type Account, accounts } from './account.ts';
import { historyHandlers, paperAccount } from './history.ts';
import { shareInBps, type Valued, valued } from './valuation.ts';
import { setAside } from './working.ts';

const statusOf = (account: Account, holdings: readonly Valued[]) => {
  const value = money.add(...holdings.map((of) => of.value));
  const gross = money.add(...holdings.map((of) => money.absolute(of.value)));
  const cost = money.add(...holdings.map(({ position }) => position.cost));
  const reserved = money.add(...account.working.map(setAside));
  const equity = money.add(account.cash, value);
  return {
    account: account.account,
    session_date: account.date,
    equity,
    cash: account.cash,
    reserved_cash: reserved,
    buying_power: buyingPower({
      cash: account.cash,
      reserved,
      equity,
      gross,
      initialBps: account.initialMarginBps,
    }),
    positions_value: value,
    gross_exposure_bps: shareInBps(gross, equity),
    net_exposure_bps: shareInBps(value, equity),
    unrealized_pnl: money.subtract(value, cost),
    realized_pnl_today: account.realizedPnl,
    fees_today: account.fees,
    day_start_equity: account.dayStartEquity,
    day_pnl: money.subtract(equity, account.dayStartEquity),
    open_positions: holdings.length,
    working_orders: account.working.length,
    stale_marks: holdings.filter(({ quoted }) => !quoted).map(({ position }) => position.symbol),
  };
};

const positionView = ({ position, mark, value }: Valued) => ({
  symbol: position.symbol,
  side: position.quantity < 0n ? ('short' as const) : ('long' as const),
  quantity: quantity.absolute(position.quantity),
  average_price: position.averagePrice,
  mark: mark?.price ?? null,
  mark_at: mark?.at ?? null,
  market_value: mark === null ? null : value,
  unrealized_pnl: mark === null ? null : money.subtract(value, position.cost),
});

const bySymbol = (a: Valued, b: Valued): number => (a.position.symbol < b.position.symbol ? -1 : 1);

export const portfolioQueryHandlers = ({
  readStore,
  marketData,
}: {
  readonly readStore: ReadStore;
  readonly marketData: MarketData;
}): Handlers<'GetPortfolioStatus' | 'ListPositions' | 'ListClosedTrades'> => {
  const source = marketData.source;
  const mode = tradingMode(source);
  const readAccount = async (): Promise<AsOf<Account | undefined>> => {
    const { value, logPosition } = await readStore.get(accounts.view, paperAccount);
    return { value: value === undefined ? undefined : accounts.row.parse(value), logPosition };
  };
  return {
    ...historyHandlers({ readStore, source }),
    GetPortfolioStatus: ({ min_position }) =>
      answering(readStore, min_position, async () => {
        const { value: account, logPosition } = await readAccount();
        if (account === undefined) return { value: noSession, logPosition };
        const frozen = marketData.freeze();
        const status = statusOf(account, await valued(account.positions, frozen));
        return { value: accepted({ ...status, mode, source, at: frozen.now() }), logPosition };
      }),
    ListPositions: ({ min_position }) =>
      answering(readStore, min_position, async () => {
        const { value: account, logPosition } = await readAccount();
        const holdings = await valued(account?.positions ?? [], marketData.freeze());
        const positions = [...holdings].sort(bySymbol).map(positionView);
        return { value: accepted({ mode, positions, source }), logPosition };
      }),
  };
};

const noSession = refused(
  'NO_SESSION',
  'The paper account has no trading session yet.',
  'Validate or place an order: the first one opens the session.',
);
