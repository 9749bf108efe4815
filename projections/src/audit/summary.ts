import type { Grant } from '@sentinel/contracts/access';
import type { Execution } from '@sentinel/contracts/execution';
import type { Criterion } from '@sentinel/contracts/governance';
import { money, price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { ViewedEvent } from '../kernel/index.ts';

type Summaries = {
  readonly [Type in ViewedEvent['type']]: (
    data: Extract<ViewedEvent, { readonly type: Type }>['data'],
  ) => string;
};

/** What an order asks for, in a few words. */
export const wishOf = (intent: OrderIntent): string => {
  const { side, quantity: shares, symbol, orderType, limitPrice, triggerPrice } = intent;
  const stop = triggerPrice === undefined ? '' : ` stop ${price.format(triggerPrice)}`;
  const limit = limitPrice === null ? '' : ` ${price.format(limitPrice)}`;
  return `${side} ${quantity.format(shares)} ${symbol} ${orderType}${stop}${limit}`;
};

const trade = ({
  side,
  lastQuantity,
  symbol,
  lastPrice,
  leavesQuantity,
  lastTrade,
}: Execution): string => {
  const old = lastTrade === null ? '' : ` (its last price, of ${lastTrade.at})`;
  return `${side === 'buy' ? 'bought' : 'sold'} ${quantity.format(lastQuantity)} ${symbol} at ${price.format(lastPrice)}${old}, ${quantity.format(leavesQuantity)} left`;
};

const halted = ({
  scope,
  target,
}: {
  readonly scope: string;
  readonly target: string | null;
}): string => (target === null ? scope : `${scope} ${target}`);

const unmet = (criteria: readonly Criterion[]): string =>
  criteria.flatMap(({ criterion, met }) => (met ? [] : [criterion])).join(', ');

const mayOf = ({ abilities, symbols }: Grant): string =>
  `${abilities.length === 0 ? 'do nothing' : abilities.join(', ')}${symbols === null ? '' : ` in ${symbols.join(', ')}`}`;

/** One line for each type of event: one without a line does not compile. */
const summaries: Summaries = {
  SymbolAdded: ({ symbol, groups }) =>
    `${symbol} added to the watchlist${groups.length === 0 ? '' : ` in ${groups.join(', ')}`}`,
  SymbolUpdated: ({ symbol, groups }) =>
    `${symbol} of the watchlist is in ${groups.length === 0 ? 'no group' : groups.join(', ')}`,
  SymbolRemoved: ({ symbol }) => `${symbol} taken off the watchlist`,
  RegimeClassified: ({ symbol, timeframe, classification: { label, confidence } }) =>
    `${symbol} ${timeframe} is ${label}, confidence ${confidence.toFixed(2)}`,
  StrategyRegistered: ({ strategyId, state }) =>
    `strategy ${strategyId} registered in state ${state}`,
  BacktestCompleted: ({ strategyId, trades, from, to }) =>
    `backtest of ${strategyId} from ${from} to ${to}: ${trades.count} trades, ${trades.wins} won`,
  StrategyPromoted: ({ strategyId, from, to, approvedBy }) =>
    `strategy ${strategyId} from ${from} to ${to}${approvedBy === null ? '' : `, approved by ${approvedBy}`}`,
  PromotionDenied: ({ strategyId, to, criteria }) =>
    `strategy ${strategyId} not promoted to ${to}: ${unmet(criteria)}`,
  PromotionRequested: ({ strategyId, to, requestedBy }) =>
    `${requestedBy} asks a human to promote ${strategyId} to ${to}`,
  PromotionRequestExpired: ({ strategyId }) =>
    `nobody answered in time whether to promote ${strategyId}`,
  StrategySuspended: ({ strategyId, reason }) => `strategy ${strategyId} suspended: ${reason}`,
  StrategyRetired: ({ strategyId, reason }) => `strategy ${strategyId} retired: ${reason}`,
  SignalFound: ({ signal }) =>
    `${signal.strategyId} would ${signal.side} ${signal.symbol} at ${price.format(signal.entry)}, confidence ${signal.confidence.toFixed(2)}`,
  ScanCompleted: ({ strategyId, signals, none }) =>
    `${strategyId} scanned ${signals.length + none.length} symbols: ${signals.length} signals`,
  HaltEngaged: (halt) => `${halted(halt)} halt engaged`,
  HaltReleased: ({ releasedBy }) => `halt released by ${releasedBy}`,
  HaltReleaseRequested: ({ requestedBy }) => `${requestedBy} asks to release a halt`,
  HaltReleaseExpired: () => 'nobody answered in time whether to release a halt',
  LimitsAdopted: ({ document }) => `limits version ${document.version} in force`,
  MarketBound: ({ provider, calendar, seed, bars }) =>
    `log bound to the ${provider} market, calendar ${calendar}, ${bars === null ? `seed ${seed}` : `bars of ${bars.length} symbols`}`,
  AccountBound: ({ account, accountType, startingCash }) =>
    `${account} bound as a ${accountType} account that begins with ${money.format(startingCash)}`,
  SessionRegistered: ({ session }) => `${session} registered`,
  SessionDeregistered: ({ session }) => `${session} deregistered`,
  SessionOpened: ({ account, date, equity }) =>
    `${account} opens ${date} with equity ${money.format(equity)}`,
  WorkingOrdersCarried: ({ orders }) => `${orders.length} orders work on from the session before`,
  TradingEnabled: () => 'trading begins',
  SessionClosed: ({ account, date, equity }) =>
    `${account} closes ${date} with equity ${money.format(equity)}`,
  RiskAssessed: ({ purpose, intent, outcome, denialCode }) =>
    `${purpose} ${wishOf(intent)}: ${outcome}${denialCode === null ? '' : ` by ${denialCode}`}`,
  OrderProposed: ({ intent }) => `${wishOf(intent)} waits for a human`,
  ApprovalRequested: ({ kind, requestedBy }) =>
    `${requestedBy} asks a human about ${kind.replace('_', ' ')}`,
  ApprovalGranted: ({ by }) => `${by.principal} said yes`,
  ApprovalDeclined: ({ by }) => `${by.principal} said no`,
  ApprovalExpired: () => 'nobody answered in time',
  LimitsProposed: () => 'looser limits wait for a human',
  OrderDenied: ({ intent, code }) => `${wishOf(intent)} denied: ${code}`,
  OrderSubmitted: ({ intent }) => `${wishOf(intent)} submitted`,
  OrderAdopted: ({ intent, venueOrderId }) =>
    `order of others taken in: ${wishOf(intent)}, ${venueOrderId}`,
  ExecutionBusted: ({ symbol, lastQuantity, refers }) =>
    `execution ${refers} busted: ${quantity.format(lastQuantity)} ${symbol} taken back`,
  ExecutionCorrected: ({ symbol, lastQuantity, lastPrice, refers }) =>
    `execution ${refers} corrected to ${quantity.format(lastQuantity)} ${symbol} at ${price.format(lastPrice)}`,
  OrderAccepted: () => 'order accepted by the venue',
  OrderTriggered: ({ stopAt }) => `stop reached at ${price.format(stopAt)}`,
  OrderStopMoved: ({ stopAt }) => `trailing stop moved to ${price.format(stopAt)}`,
  OrderPendingReplace: ({ intent }) => `new terms asked for: ${wishOf(intent)}`,
  OrderReplaceRejected: ({ reason }) => `new terms refused: ${reason}`,
  OrderReplaced: ({ intent }) => `order is now ${wishOf(intent)}`,
  CorporateActionApplied: ({ action: { symbol, split, dividend } }) =>
    split === null
      ? `${symbol} paid ${dividend === null ? 'nothing' : price.format(dividend)} a share`
      : `${symbol} split ${split.newShares} for ${split.oldShares}`,
  BorrowFeeCharged: ({ symbol, shares, fee }) =>
    `${money.format(fee)} paid for borrowing ${quantity.format(shares)} ${symbol}`,
  OrderRejected: ({ reason }) => `order rejected by the venue: ${reason}`,
  OrderPartiallyFilled: trade,
  OrderFilled: trade,
  WindDownRequested: ({ kind, symbol }) =>
    `asked to ${kind.replace('_', ' ')}${symbol === null ? '' : ` ${symbol}`}`,
  WindDownEnded: ({ outcome }) => `winding down is ${outcome}`,
  PaperAccountReset: ({ epoch, cash }) =>
    `paper account begins anew with ${money.format(cash)}, epoch ${epoch}`,
  OrderPendingCancel: ({ reason }) => `cancel asked for: ${reason}`,
  OrderCancelRejected: ({ reason }) => `cancel refused: ${reason}`,
  OrderCanceled: ({ reason }) => `order canceled: ${reason}`,
  OrderExpired: () => 'order expired',
  OrderOutcomeUnknown: ({ reason }) => `what became of the order is unknown: ${reason}`,
  EvidenceRecorded: ({ kind, content }) =>
    `evidence kept: ${content.start.length} ${kind} of ${content.symbol} ${content.timeframe}`,
  AccessGranted: ({ grant }) => `${grant.client.name} may ${mayOf(grant)}, by ${grant.principal}`,
  AccessChanged: ({ grant, version }) =>
    `${grant.client.name} may now ${mayOf(grant)}, version ${version}`,
  AccessAdopted: ({ grant, version }) => `grant of ${grant.client.name} held at version ${version}`,
  AccessRevoked: ({ grant }) => `${grant.client.name} may do nothing any more`,
  KeyIssued: ({ label, prefix }) => `key ${label} issued as ${prefix}`,
  KeyRotated: ({ label, prefix }) => `key ${label} is now ${prefix}`,
  KeyRevoked: ({ label }) => `key ${label} revoked`,
  PasskeyRegistered: ({ operator, label }) => `passkey ${label} of ${operator} registered`,
  PasskeyRemoved: ({ operator, label }) => `passkey ${label} of ${operator} removed`,
  BacktestTradesKept: ({ strategyId, piece, trades, days }) =>
    `backtest of ${strategyId}, piece ${piece}: ${trades.length} trades on ${days.length} days`,
  BacktestRecorded: ({ result: { strategyId, symbols, from, to, trades }, figures }) =>
    `backtest of ${strategyId} on ${symbols.join(', ')} from ${from} to ${to}: ${trades.count} trades, ${(figures.totalReturn * 100).toFixed(2)} %`,
  WalkForwardRecorded: ({ strategyId, symbols, windows, verdict }) =>
    `walk forward of ${strategyId} on ${symbols.join(', ')} in ${windows.length} windows: ${verdict}`,
};

const longest = 200;

/** What an event says, in one line of at most 200 characters. */
export const summaryOf = (event: ViewedEvent): string => {
  // The table pairs each type with its own data, which the compiler cannot follow by index.
  const summary = summaries[event.type] as (data: ViewedEvent['data']) => string;
  const line = summary(event.data).replace(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};
