import { type Money, millisecondsBetween, money, type Price } from '@sentinel/contracts/kernel';
import type { Quote, Ticker } from '@sentinel/contracts/market';
import { markToMarket } from '@sentinel/contracts/portfolio';
import type { HaltScope } from '@sentinel/contracts/risk';
import { equityOf } from '../portfolio/index.ts';
import type { Session } from './session/index.ts';

/** Why the house halts by itself (RTS 6, articles 15(3) and 16). */
export type DangerCode =
  | 'DAILY_LOSS'
  | 'MARGIN_CALL'
  | 'REJECT_RATE'
  | 'REPEATED_EXECUTION'
  | 'UNRESOLVED_ORDER'
  | 'STALE_DATA';

export type Danger = {
  readonly code: DangerCode;
  readonly scope: HaltScope;
  readonly target: string | null;
  readonly message: string;
};

/** By what a danger counts as known: it halts once in a session, and a human's release holds. */
export const dangerKey = ({ code, target }: Pick<Danger, 'code' | 'target'>): string =>
  `${code}|${target ?? ''}`;

/** The market as the guard sees it: quotes of what is held, and the time. */
export type Watched = {
  readonly at: Temporal.Instant;
  readonly isOpen: boolean;
  readonly quotes: ReadonlyMap<Ticker, Quote>;
};

const msPerSecond = 1_000;

/** What endangers the account now. Pure: the same session and market give the same dangers. */
export const dangersOf = (session: Session, watched: Watched): readonly Danger[] => {
  const { limits } = session.limits;
  const equity = equityAt(session, watched);
  return [
    ...(equity === null ? [] : losses(session, equity)),
    ...(equity === null ? [] : marginCall(session, equity, watched)),
    ...(limits.guard === undefined ? [] : conduct(session, limits.guard)),
    ...(limits.guard === undefined ? [] : staleness(session, watched, limits.guard)),
    ...session.tripped.map(
      (strategyId): Danger => ({
        code: 'REPEATED_EXECUTION',
        scope: 'strategy',
        target: strategyId,
        message: `${strategyId} has traded as often as it may.`,
      }),
    ),
  ];
};

const marksOf = ({ quotes }: Watched): ReadonlyMap<Ticker, Price> =>
  new Map([...quotes].map(([symbol, { last }]) => [symbol, last]));

/** Null while something held has no quote: then STALE_DATA is what there is to say. */
const equityAt = (session: Session, watched: Watched): Money | null =>
  equityOf(session.cash, session.positions.values(), marksOf(watched));

const losses = (session: Session, equity: Money): readonly Danger[] => {
  const { maxDailyDrawdownBps } = session.limits.limits;
  const lost = money.subtract(session.dayStartEquity, equity);
  const most = money.atBps(session.dayStartEquity, BigInt(maxDailyDrawdownBps), 'down');
  if (lost < most || lost <= 0n) return [];
  const message = `The account lost ${money.format(lost)} dollars today, of ${money.format(most)} at the most.`;
  return [{ code: 'DAILY_LOSS', scope: 'account', target: null, message }];
};

const marginCall = (session: Session, equity: Money, watched: Watched): readonly Danger[] => {
  const { margin } = session.limits.limits;
  if (margin === undefined) return [];
  const marks = marksOf(watched);
  const values = [...session.positions.values()].map((position) =>
    money.absolute(markToMarket(position, marks.get(position.symbol) ?? position.averagePrice)),
  );
  const needed = money.atBps(money.add(...values), BigInt(margin.maintenanceBps), 'up');
  if (equity >= needed) return [];
  const message = `Equity of ${money.format(equity)} dollars is below the maintenance margin of ${money.format(needed)}.`;
  return [{ code: 'MARGIN_CALL', scope: 'account', target: null, message }];
};

type Guard = NonNullable<Session['limits']['limits']['guard']>;

const conduct = (session: Session, guard: Guard): readonly Danger[] => {
  const rejects = session.answers.slice(-guard.amongOrders).filter((each) => !each).length;
  const unresolved = session.working.values().flatMap((order): readonly Danger[] => {
    const since = session.orders.get(order.orderId)?.updatedAt;
    if (order.status !== 'unknown' || since === undefined) return [];
    const seconds = millisecondsBetween(since, session.lastAt) / msPerSecond;
    if (seconds < guard.unresolvedSeconds) return [];
    const { symbol } = order.intent;
    const message = `What became of order ${order.orderId} is unknown for ${Math.floor(seconds)} s.`;
    return [{ code: 'UNRESOLVED_ORDER', scope: 'symbol', target: symbol, message }];
  });
  if (rejects < guard.maxRejects) return unresolved;
  const message = `The venue rejected ${rejects} of the last ${guard.amongOrders} orders.`;
  return [{ code: 'REJECT_RATE', scope: 'account', target: null, message }, ...unresolved];
};

const staleness = (
  session: Session,
  { at, isOpen, quotes }: Watched,
  guard: Guard,
): readonly Danger[] => {
  if (!isOpen) return [];
  return [...session.positions.keys()].flatMap((symbol): readonly Danger[] => {
    const quote = quotes.get(symbol);
    const seconds =
      quote === undefined ? undefined : millisecondsBetween(quote.at, at) / msPerSecond;
    if (seconds !== undefined && seconds <= guard.staleSeconds) return [];
    const message =
      seconds === undefined
        ? `There is no quote for ${symbol}, which is held.`
        : `The quote of ${symbol}, which is held, is ${Math.floor(seconds)} s old.`;
    return [{ code: 'STALE_DATA', scope: 'symbol', target: symbol, message }];
  });
};
