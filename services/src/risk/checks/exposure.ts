import { formatDecimal, type Money, money, notional, type Price } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { cashToReserve, expectedPrice } from '../reserve.ts';
import {
  type Check,
  type CheckInput,
  type Finding,
  measured,
  notApplicable,
  skipped,
} from './check.ts';

const noMark = 'A position has no mark, so equity is not known.';
const bpsText = (hundredths: bigint): string => formatDecimal(hundredths, 2);

/** `part` of equity against a limit in basis points; equity at or below zero never passes. */
type Share = {
  readonly part: Money;
  readonly equity: Money;
  readonly limitBps: number;
  readonly what: string;
};

const shareOfEquity = ({ part, equity, limitBps, what }: Share): Finding => {
  if (equity <= 0n)
    return measured(
      false,
      { value: 'no equity', limit: `${limitBps}` },
      'The account has no equity.',
    );
  const share = money.shareOf(part, equity);
  return measured(
    share <= BigInt(limitBps) * 100n,
    { value: bpsText(share), limit: `${limitBps}` },
    `${what} would be ${bpsText(share)} bps of equity.`,
  );
};

export const creditThreshold: Check = {
  hard: true,
  unit: 'usd',
  judgesReducing: false,
  find: ({ intent, facts, account }) => {
    if (intent.side === 'sell') return notApplicable('A sell needs no cash.');
    const needed = cashToReserve(intent, facts);
    if (needed === null) return skipped('The order cannot be priced.');
    const reserved = money.add(...account.reservations.map((each) => each.reservedCash));
    const free = money.subtract(account.cash, reserved);
    return measured(
      needed <= free,
      { value: money.format(needed), limit: money.format(free) },
      `The order sets aside ${money.format(needed)} dollars of ${money.format(free)} free.`,
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

export const positionSize: Check = {
  hard: true,
  unit: 'bps',
  judgesReducing: false,
  find: ({ intent, limits, exposure, added }) => {
    const limit = limits.maxPositionBps;
    if (exposure === null || added === null) return skipped(noMark, `${limit}`);
    const held = exposure.bySymbol.get(intent.symbol) ?? money.zero;
    return shareOfEquity({
      part: money.add(held, added),
      equity: exposure.equity,
      limitBps: limit,
      what: `${intent.symbol}, held, reserved and new,`,
    });
  },
};

export const grossExposure: Check = {
  hard: true,
  unit: 'bps',
  judgesReducing: false,
  find: ({ limits, exposure, added }) => {
    const limit = limits.maxGrossExposureBps;
    if (exposure === null || added === null) return skipped(noMark, `${limit}`);
    return shareOfEquity({
      part: money.add(exposure.gross, added),
      equity: exposure.equity,
      limitBps: limit,
      what: 'Gross exposure',
    });
  },
};

export const maxPositions: Check = {
  hard: true,
  unit: 'count',
  judgesReducing: false,
  find: ({ intent, limits, account }) => {
    const symbols = new Set<Ticker>(
      [...account.positions, ...account.reservations].map(({ symbol }) => symbol),
    );
    symbols.add(intent.symbol);
    return measured(
      symbols.size <= limits.maxConcurrentPositions,
      { value: `${symbols.size}`, limit: `${limits.maxConcurrentPositions}` },
      `With this order ${symbols.size} symbol(s) are held or being bought.`,
    );
  },
};

export const sectorConcentration: Check = {
  hard: false,
  unit: 'bps',
  judgesReducing: false,
  find: ({ facts, limits, exposure, added }) => {
    const limit = limits.maxSectorBps;
    if (facts.sector === null) return skipped('The sector is not known.', `${limit}`);
    if (exposure === null || added === null) return skipped(noMark, `${limit}`);
    const sectors = new Map(facts.marks.map((mark) => [mark.symbol, mark.sector]));
    const same = [...exposure.bySymbol]
      .filter(([symbol]) => sectors.get(symbol) === facts.sector)
      .map(([, value]) => value);
    return shareOfEquity({
      part: money.add(...same, added),
      equity: exposure.equity,
      limitBps: limit,
      what: `Sector ${facts.sector}`,
    });
  },
};

export const correlation: Check = {
  hard: false,
  unit: 'bps',
  judgesReducing: false,
  find: ({ intent, facts, limits, account }) => {
    const limit = `${limits.maxCorrelationBps}`;
    if (facts.correlations === null) return skipped('Correlations are not known.', limit);
    const quantities = new Map(
      account.positions.map((position) => [position.symbol, position.quantity]),
    );
    let worst = { symbol: '', bps: 0 };
    for (const { symbol, correlationBps } of facts.correlations) {
      const held = quantities.get(symbol);
      if (held === undefined || symbol === intent.symbol) continue;
      // Together they concentrate when the same side moves alike or opposite sides move apart.
      const together = held > 0n === (intent.side === 'buy') ? correlationBps : -correlationBps;
      if (together > worst.bps) worst = { symbol, bps: together };
    }
    return measured(
      worst.bps < limits.maxCorrelationBps,
      { value: `${worst.bps}`, limit },
      worst.symbol === ''
        ? 'Nothing held moves with it.'
        : `It moves with ${worst.symbol} at ${worst.bps} bps of correlation.`,
    );
  },
};

/** The order's own weight in every exposure: what it sets aside, or what it would short. */
export const addedExposure = ({
  intent,
  facts,
}: Pick<CheckInput, 'intent' | 'facts'>): Money | null => {
  if (intent.side === 'buy') return cashToReserve(intent, facts);
  const each = expectedPrice(intent, facts);
  return each === null ? null : notional(each, intent.quantity, 'up');
};
