import type { Handlers } from '@sentinel/contracts';
import type { ReadStore } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { grants, keys, passkeys } from './access/index.ts';
import {
  auditQueryHandlers,
  decisionLog,
  decisions,
  findings,
  recentEvents,
  subjects,
} from './audit/index.ts';
import { runs } from './backtest/index.ts';
import { executionQueryHandlers, orders } from './execution/index.ts';
import { governanceQueryHandlers } from './governance/index.ts';
import { type AnyProjection, definitionOf } from './kernel/index.ts';
import { accounts, dailyBooks, portfolioQueryHandlers, trades } from './portfolio/index.ts';
import { classifications, regimeQueryHandlers } from './regime/index.ts';
import { killSwitch, riskQueryHandlers } from './risk/index.ts';
import { strategies, strategyQueryHandlers } from './strategy/index.ts';
import { watchlist, watchlistQueryHandlers } from './watchlist/index.ts';

/** Every view of every room. */
export const allProjections: readonly AnyProjection[] = [
  watchlist,
  classifications,
  strategies,
  killSwitch,
  orders,
  accounts,
  trades,
  dailyBooks,
  recentEvents,
  decisions,
  decisionLog,
  findings,
  runs,
  subjects,
  grants,
  keys,
  passkeys,
];

/** What a store of views has to be told of them. */
export const viewDefinitions = allProjections.map(definitionOf);

/** Views that decide whether trading may go on: when one of them is parked, it must not. */
export const tradingViews: readonly string[] = [killSwitch, orders, accounts].map(
  ({ view }) => view,
);

/** The queries that are answered from views. `now` is the wall clock, by which approvals expire. */
export const queryHandlers = (options: {
  readonly readStore: ReadStore;
  readonly marketData: MarketData;
  readonly now: () => Temporal.Instant;
}): Handlers<
  | 'ListWatchlist'
  | 'GetWatchlistEntry'
  | 'ListGroups'
  | 'ListClassifications'
  | 'ListStrategies'
  | 'ListLifecycles'
  | 'GetKillSwitchStatus'
  | 'GetOrder'
  | 'ListOrders'
  | 'GetPortfolioStatus'
  | 'ListPositions'
  | 'ListClosedTrades'
  | 'ListRecentEvents'
  | 'ListDecisions'
  | 'ListTradeOutcomes'
  | 'GetStatistics'
> => ({
  ...watchlistQueryHandlers(options),
  ...regimeQueryHandlers(options),
  ...strategyQueryHandlers(options),
  ...governanceQueryHandlers(options),
  ...riskQueryHandlers(options),
  ...executionQueryHandlers({ ...options, source: options.marketData.source }),
  ...portfolioQueryHandlers(options),
  ...auditQueryHandlers({ ...options, source: options.marketData.source }),
});

export {
  type DecisionPlace,
  type FindingPlace,
  lastRecordedBefore,
  laterSessions,
  locateDecision,
  locateFinding,
  locateStory,
  recordedBetween,
  sayEvent,
} from './audit/index.ts';
export { strategyIndex } from './governance/index.ts';
export * from './kernel/index.ts';
