import { accepted, beforeAll, quantity, refused } from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { ReadAccount } from '../../risk/index.ts';
import { assessedAccount } from '../session/index.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** No order is meant: what an account remembers of earlier ones like it stays out. */
const nothing: OrderIntent = {
  symbol: '' as Ticker,
  side: 'buy',
  quantity: quantity.zero,
  orderType: 'market',
  limitPrice: null,
  stopPrice: null,
  timeInForce: 'day',
  strategyId: null,
};

/** How the account stands in its newest open session. It opens none. */
export const accountReading =
  ({
    account,
    sessions,
    market,
  }: {
    readonly account: string;
    readonly sessions: Sessions;
    readonly market: MarketData;
  }): ReadAccount =>
  async () => {
    const newest = (await sessions.open()).at(-1);
    const loaded = newest && (await sessions.refresh(newest.stream));
    if (loaded === undefined || loaded.state.phase === 'unopened') return noSession(account);
    const { state, logPosition } = loaded;
    const at = market.now();
    return accepted({
      name: account,
      date: state.date,
      account: assessedAccount(state, { intent: nothing, facts: { at } }),
      limits: state.limits,
      at,
      logPosition: logPosition ?? beforeAll,
    });
  };

const noSession = (account: string) =>
  refused(
    'NO_SESSION',
    `The account ${account} has no trading session open.`,
    'One opens by itself within moments: ask again, or read system.health.',
  );
