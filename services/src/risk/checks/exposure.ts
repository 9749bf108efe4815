import { type Money, money, notional } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { expectedPrice, openingValue } from '../reserve.ts';
import { type Check, type CheckInput, measured, skipped } from './check.ts';
import { noMark, shareOfEquity } from './share-of-equity.ts';

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
  limits,
}: Pick<CheckInput, 'intent' | 'facts' | 'limits'>): Money | null => {
  if (intent.side !== 'sell') return openingValue(intent, facts, limits);
  const each = expectedPrice(intent, facts);
  return each === null ? null : notional(each, intent.quantity, 'up');
};
