import type { DecisionId, EventId, OrderId, SignalId } from '@sentinel/contracts/kernel';
import { type Price, quantity } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { assessedAccount, markedSymbols, type SessionCommand } from '../execution/index.ts';
import { sizePosition } from '../risk/index.ts';
import type { accountDays } from './account-days.ts';
import { factsThen, type Knowing } from './facts-then.ts';
import type { FoundTrade, TestedSymbol } from './setup.ts';

type Account = ReturnType<typeof accountDays>;

const bps = 10_000;

/** Ids in the shape of the house's, by the moment and a count: the same run has the same. */
const idAt = (ms: number, count: number, kind: number): string => {
  const time = ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind.toString(16).padStart(3, '0')}-8000-${count.toString(16).padStart(12, '0')}`;
};

const placing = (
  account: Account,
  intent: OrderIntent,
  {
    knowing,
    count,
    found,
  }: { readonly knowing: Knowing; readonly count: number; readonly found?: FoundTrade },
): SessionCommand => {
  const { setup, at } = knowing;
  const id = (kind: number) => idAt(at.epochMilliseconds, count, kind);
  const session = account.session();
  const signal = found && { ...found, signalId: id(1) as SignalId, eventId: id(2) as EventId };
  const wanted = signal === undefined ? intent : { ...intent, signalId: signal.signalId };
  return {
    ...({ type: 'PlaceOrder', purpose: 'order', intent: wanted } as const),
    facts: factsThen(wanted, session, { ...knowing, signal }),
    gathered: { symbols: markedSymbols(session), uncorrelated: [], intent: wanted },
    orderId: id(3) as OrderId,
    decisionId: id(4) as DecisionId,
    ...{ idempotencyKey: null, earlierUse: null },
    paramsDigest: setup.digest(id(3)),
    codeDigest: setup.codeDigest,
  };
};

/**
 * The order of a signal: at the market, from the next bar on, with the stop and the target as its exits, as
 * large as sizing lets it be. Undefined where not one share fits.
 */
export const entryOf = (
  account: Account,
  { bars }: TestedSymbol,
  {
    found,
    knowing,
    count,
    place,
  }: {
    readonly found: FoundTrade;
    readonly knowing: Knowing;
    readonly count: number;
    readonly place: number;
  },
): SessionCommand | undefined => {
  const { draft, regime } = found;
  const { setup, at, quoteOf } = knowing;
  const side = draft.side === 'buy' ? 'buy' : 'sell_short';
  const wish: OrderIntent = {
    ...{ symbol: bars.symbol, side, quantity: quantity.fromShares(1) },
    ...{ orderType: 'market', limitPrice: null, stopPrice: draft.stop, timeInForce: 'day' },
    strategyId: setup.strategyId,
    exits: { takeProfit: draft.target, stopLoss: draft.stop },
  };
  const session = account.session();
  const quote = quoteOf(place);
  if (quote === undefined) return undefined;
  const entry: Price = side === 'buy' ? quote.ask : quote.bid;
  const { shares } = sizePosition({
    ...{ intent: wish, entry, stop: draft.stop, regime },
    confidenceBps: Math.floor(draft.confidence * bps),
    facts: factsThen(wish, session, knowing),
    limits: session.limits.limits,
    account: assessedAccount(session, { intent: wish, facts: { at } }),
  });
  if (shares <= 0n) return undefined;
  return placing(account, { ...wish, quantity: shares }, { knowing, count, found });
};

/** What sells or buys back all that is held. */
export const exitOf = (
  account: Account,
  { bars }: TestedSymbol,
  { knowing, count }: { readonly knowing: Knowing; readonly count: number },
): SessionCommand | undefined => {
  const held = account.session().positions.get(bars.symbol)?.quantity ?? quantity.zero;
  if (held === 0n) return undefined;
  const intent: OrderIntent = {
    ...{ symbol: bars.symbol, side: held > 0n ? 'sell' : 'buy' },
    ...{ quantity: quantity.absolute(held), orderType: 'market', limitPrice: null },
    ...{ stopPrice: null, timeInForce: 'day', strategyId: knowing.setup.strategyId },
  };
  return placing(account, intent, { knowing, count });
};
