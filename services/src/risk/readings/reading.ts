import {
  divide,
  type EventMetadata,
  type LogPosition,
  type Money,
  money,
  type Outcome,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketData, Ticker } from '@sentinel/contracts/market';
import { markedOrAtCost } from '@sentinel/contracts/portfolio';
import type { AssessedAccount, LimitsDocument, RiskFacts } from '@sentinel/contracts/risk';
import { ifAvailable, lastPrices } from '../../market/index.ts';

/** An account as its session has it, at one instant of the market. */
export type AccountReading = {
  readonly name: string;
  readonly date: TradingDate;
  readonly account: AssessedAccount;
  readonly limits: LimitsDocument;
  readonly at: Temporal.Instant;
  readonly logPosition: LogPosition;
};

export type ReadAccount = (metadata: EventMetadata) => Promise<Outcome<AccountReading>>;

/** What is held of one symbol and what its working orders set aside. */
export type SymbolReading = {
  readonly symbol: Ticker;
  /** Market value, negative for a short. */
  readonly value: Money;
  readonly reserved: Money;
  readonly sector: string | null;
};

/** The account valued as it stands: at last prices, and at cost what never had one. */
export type ValuedReading = AccountReading & {
  readonly equity: Money;
  readonly symbols: readonly SymbolReading[];
  readonly marks: RiskFacts['marks'];
  readonly unpriced: readonly Ticker[];
};

/** Prices of one instant; nothing is recorded, and a provider that cannot answer leaves what it had. */
export const valuedReading = async (
  reading: AccountReading,
  market: MarketData,
): Promise<ValuedReading> => {
  const { account } = reading;
  const frozen = market.freeze();
  const all = [
    ...new Set([...account.positions, ...account.reservations].map(({ symbol }) => symbol)),
  ].sort();
  const [prices, instruments] = await Promise.all([
    lastPrices(frozen, all),
    Promise.all(all.map((symbol) => ifAvailable(frozen.instrument(symbol)))),
  ]);
  const symbols = all.map((symbol, n): SymbolReading => {
    const held = account.positions.find((position) => position.symbol === symbol);
    return {
      symbol,
      value: held === undefined ? money.zero : markedOrAtCost(held, prices.get(symbol)?.price),
      reserved: money.add(
        ...account.reservations.filter((of) => of.symbol === symbol).map((of) => of.reservedCash),
      ),
      sector: instruments[n]?.sector ?? null,
    };
  });
  return {
    ...reading,
    symbols,
    marks: symbols.flatMap(({ symbol, sector }) => {
      const last = prices.get(symbol);
      return last === undefined ? [] : [{ symbol, price: last.price, at: last.at, sector }];
    }),
    equity: money.add(account.cash, ...symbols.map(({ value }) => value)),
    unpriced: account.positions.map(({ symbol }) => symbol).filter((symbol) => !prices.has(symbol)),
  };
};

/** As the checks count it: what is held without its sign, and what is reserved. */
export const atRisk = ({ value, reserved }: Pick<SymbolReading, 'value' | 'reserved'>): Money =>
  money.add(money.absolute(value), reserved);

/** `part` of `equity` in whole basis points, away from zero; beyond every limit where there is none. */
export const bpsOf = (part: Money, equity: Money): number => {
  if (part === 0n) return 0;
  if (equity <= 0n) return part < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  return Number(divide(part * 10_000n, equity, 'up'));
};

/** What `limitBps` of equity leaves above `part`; nothing where that is used up. */
export const roomOf = (part: Money, equity: Money, limitBps: number): Money =>
  money.max(
    money.zero,
    money.subtract(money.atBps(money.max(equity, money.zero), BigInt(limitBps), 'down'), part),
  );
