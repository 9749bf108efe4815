import type { OutputOf } from '@sentinel/contracts';
import { type Money, money } from '@sentinel/contracts/kernel';
import { atRisk, bpsOf, roomOf, type ValuedReading } from './reading.ts';

type Figures = Omit<
  OutputOf<'GetExposure'>,
  'mode' | 'account' | 'session_date' | 'limits_version' | 'source' | 'log_position'
>;

const mostSymbols = 20;

const largestFirst = (a: { readonly value: Money }, b: { readonly value: Money }): number =>
  a.value > b.value ? -1 : 1;

const sideOf = (value: Money) => (value > 0n ? 'long' : value < 0n ? 'short' : 'flat');

const sectorsOf = ({ symbols, equity, limits }: ValuedReading): Figures['by_sector'] => {
  const limit = limits.limits.maxSectorBps;
  const bySector = Map.groupBy(symbols, ({ sector }) => sector);
  return [...bySector]
    .map(([sector, all]) => ({ sector, value: money.add(...all.map(atRisk)) }))
    .sort(largestFirst)
    .map(({ sector, value }) => ({
      sector,
      value_usd: value,
      share_bps: bpsOf(value, equity),
      room_usd: sector === null ? null : roomOf(value, equity, limit),
    }));
};

/** What the account is at risk with, by the measures of the checks. */
export const exposureFigures = (reading: ValuedReading): Figures => {
  const { symbols, equity, account, unpriced } = reading;
  const { limits } = reading.limits;
  const values = symbols.map(({ value }) => value);
  const net = money.add(...values);
  const long = money.add(...values.filter((value) => value > 0n));
  const gross = money.add(...symbols.map(atRisk));
  const bySymbol = symbols
    .map((of) => ({ ...of, held: of.value, value: atRisk(of) }))
    .sort(largestFirst);
  return {
    equity_usd: equity,
    cash_usd: account.cash,
    reserved_usd: money.add(...symbols.map(({ reserved }) => reserved)),
    long_usd: long,
    short_usd: money.subtract(long, net),
    gross_usd: gross,
    net_usd: net,
    gross_bps: bpsOf(gross, equity),
    net_bps: bpsOf(net, equity),
    gross_limit_bps: limits.maxGrossExposureBps,
    headroom_usd: roomOf(gross, equity, limits.maxGrossExposureBps),
    by_symbol: bySymbol.slice(0, mostSymbols).map(({ symbol, sector, value, held, reserved }) => ({
      symbol,
      side: sideOf(held),
      sector,
      value_usd: held,
      reserved_usd: reserved,
      share_bps: bpsOf(value, equity),
      room_usd: roomOf(value, equity, limits.maxPositionBps),
    })),
    by_sector: sectorsOf(reading),
    symbols_count: symbols.length,
    unpriced: [...unpriced],
  };
};
