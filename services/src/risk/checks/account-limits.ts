import { type Money, money, notional, type Price } from '@sentinel/contracts/kernel';
import { marginNeeded, marginUsed } from '../maintenance.ts';
import { expectedPrice, openingValue } from '../reserve.ts';
import {
  type Check,
  type CheckInput,
  type Finding,
  measured,
  notApplicable,
  skipped,
} from './check.ts';
import { bpsText, noMark, shareOfEquity } from './share-of-equity.ts';

export const creditThreshold: Check = {
  hard: true,
  unit: 'usd',
  judgesReducing: false,
  find: (input) => {
    const { intent, facts, limits, account } = input;
    if (intent.side === 'sell') return notApplicable('A sell needs no cash.');
    const needed = openingValue(intent, facts, limits);
    if (needed === null) return skipped('The order cannot be priced.');
    if (limits.margin !== undefined) return onMargin(input, needed, limits.margin.initialBps);
    return inFull(account, needed);
  },
};

const inFull = ({ cash, reservations }: CheckInput['account'], needed: Money): Finding => {
  const reserved = money.add(...reservations.map((each) => each.reservedCash));
  const free = money.subtract(cash, reserved);
  return measured(
    needed <= free,
    { value: money.format(needed), limit: money.format(free) },
    `The order sets aside ${money.format(needed)} dollars of ${money.format(free)} free.`,
  );
};

/**
 * Equity must bear its share of every position and working order, and of this one: Regulation T's
 * initial margin, on the value at which a short is marked.
 */
const onMargin = ({ exposure }: CheckInput, needed: Money, initialBps: number): Finding => {
  if (exposure === null) return skipped(noMark);
  const share = (value: Money) => money.atBps(value, BigInt(initialBps), 'up');
  const free = money.subtract(exposure.equity, share(exposure.gross));
  return measured(
    share(needed) <= free,
    { value: money.format(share(needed)), limit: money.format(free) },
    `The order needs ${money.format(share(needed))} dollars of margin, of ${money.format(free)} free.`,
  );
};

/**
 * The same since risk-5, with what it takes to hold a short position: what may not be kept is not opened
 * (FINRA rule 4210(b)).
 */
export const creditThresholdOfShorts: Check = {
  ...creditThreshold,
  find: (input) => {
    const { intent, facts, limits, account, exposure } = input;
    const { margin } = limits;
    if (intent.side === 'sell') return notApplicable('A sell needs no cash.');
    const needed = openingValue(intent, facts, limits);
    if (needed === null) return skipped('The order cannot be priced.');
    if (margin === undefined) return inFull(account, needed);
    if (exposure === null) return skipped(noMark);
    const used = marginUsed(account, exposure, { facts, margin });
    const free = money.subtract(exposure.equity, used);
    const own = marginNeeded(intent, needed, margin);
    return measured(
      own <= free,
      { value: money.format(own), limit: money.format(free) },
      `The order needs ${money.format(own)} dollars of margin, of ${money.format(free)} free.`,
    );
  },
};

/** Loss since the start of the day or week, marked to market; equality blocks. */
const drawdown = (
  from: (input: CheckInput) => Money,
  limitBps: (input: CheckInput) => number,
  since: string,
): Check => ({
  hard: true,
  unit: 'bps',
  judgesReducing: false,
  find: (input) => {
    const limit = limitBps(input);
    if (input.exposure === null) return skipped(noMark, `${limit}`);
    const start = from(input);
    if (start <= 0n)
      return measured(
        false,
        { value: 'no equity', limit: `${limit}` },
        `The ${since} started without equity.`,
      );
    const lost = money.max(money.zero, money.subtract(start, input.exposure.equity));
    const share = money.shareOf(lost, start);
    return measured(
      share < BigInt(limit) * 100n,
      { value: bpsText(share), limit: `${limit}` },
      `The account is down ${bpsText(share)} bps since the ${since} began.`,
    );
  },
});

export const dailyDrawdown = drawdown(
  ({ account }) => account.dayStartEquity,
  ({ limits }) => limits.maxDailyDrawdownBps,
  'day',
);

export const weeklyDrawdown = drawdown(
  ({ account }) => account.weekStartEquity,
  ({ limits }) => limits.maxWeeklyDrawdownBps,
  'week',
);

/** Distance to the exit: to the stop price, or twice the daily ATR when none is given. */
const riskPerShare = ({ intent, facts }: CheckInput, entry: Price): Price | 'wrong side' | null => {
  if (intent.stopPrice === null) {
    return facts.averageTrueRange === null ? null : ((facts.averageTrueRange.value * 2n) as Price);
  }
  const distance = intent.side === 'buy' ? entry - intent.stopPrice : intent.stopPrice - entry;
  return distance > 0n ? (distance as Price) : 'wrong side';
};

export const perTradeRisk: Check = {
  hard: true,
  unit: 'bps',
  judgesReducing: false,
  find: (input) => {
    const limit = input.limits.maxTradeRiskBps;
    if (input.exposure === null) return skipped(noMark, `${limit}`);
    const entry = expectedPrice(input.intent, input.facts);
    const distance = entry === null ? null : riskPerShare(input, entry);
    if (distance === null)
      return skipped('Neither a stop price nor an average true range is known.', `${limit}`);
    if (distance === 'wrong side')
      return measured(
        false,
        { value: 'wrong side', limit: `${limit}` },
        'The stop price is not on the losing side of the entry.',
      );
    const risk = money.add(
      notional(distance, input.intent.quantity, 'up'),
      input.facts.estimatedFees,
    );
    return shareOfEquity({
      part: risk,
      equity: input.exposure.equity,
      limitBps: limit,
      what: 'What the trade risks',
    });
  },
};
