import type { Handlers, InputOf } from '@sentinel/contracts';
import {
  accepted,
  type EventMetadata,
  type LogPosition,
  type Outcome,
  type Price,
  price,
  quantity,
  refused,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type {
  AssessedAccount,
  LimitsDocument,
  OrderIntent,
  RiskFacts,
} from '@sentinel/contracts/risk';
import { type RegimeEvaluator, regimeHistoryBars } from '../../regime/index.ts';
import { exposureOf } from '../account.ts';
import { expectedPrice } from '../reserve.ts';
import { sizePosition } from './sizing.ts';

/** What an order of a certain intent would be judged by at this moment. */
export type Standing = {
  readonly account: AssessedAccount;
  readonly facts: RiskFacts;
  readonly limits: LimitsDocument;
  readonly logPosition: LogPosition;
};

export type SizeOptions = {
  readonly market: MarketData;
  readonly standing: (intent: OrderIntent, metadata: EventMetadata) => Promise<Outcome<Standing>>;
  readonly regime: Pick<RegimeEvaluator, 'evaluate'>;
};

const bps = 10_000;

/** Reckons a size from what an order would be judged by at this moment. */
export const sizeHandlers = (options: SizeOptions): Handlers<'SizePosition'> => {
  const { market, standing } = options;

  const regimeOf = async (symbol: OrderIntent['symbol'], metadata: EventMetadata) => {
    const wanted = {
      symbol,
      timeframe: '1Day',
      historyBars: regimeHistoryBars,
      withModel: false,
    } as const;
    const evaluated = await options.regime.evaluate(wanted, metadata);
    if (!evaluated.ok) return evaluated;
    const { label, tradeability } = evaluated.value.event.classification;
    return accepted({ label, tradeabilityBps: Math.floor(tradeability * bps) });
  };

  return {
    SizePosition: async (input, { metadata }) => {
      const regime = await regimeOf(input.symbol, metadata);
      if (!regime.ok) return regime;
      const intent = wishOf(input);
      const stands = await standing(intent, metadata);
      if (!stands.ok) return stands;
      const { account, facts, limits, logPosition } = stands.value;
      const levels = levelsOf(input, intent, facts);
      if (!levels.ok) return levels;
      const sizing = sizePosition({
        intent,
        ...levels.value,
        confidenceBps: Math.floor(input.confidence * bps),
        regime: regime.value,
        facts,
        limits: limits.limits,
        account,
      });
      return accepted({
        symbol: input.symbol,
        side: input.side,
        shares: sizing.shares,
        binding_constraint: sizing.binding,
        entry: levels.value.entry,
        stop: levels.value.stop,
        risk_budget: sizing.riskBudget,
        risk_per_share: sizing.riskPerShare,
        volatility_scalar_bps: sizing.volatilityScalarBps,
        confidence_scalar_bps: sizing.confidenceScalarBps,
        regime: regime.value.label,
        caps: sizing.caps,
        equity: exposureOf(account, facts)?.equity ?? null,
        limits_version: limits.version,
        source: market.source,
        log_position: `${logPosition}`,
      });
    },
  };
};

const wishOf = (input: InputOf<'SizePosition'>): OrderIntent => ({
  symbol: input.symbol,
  side: input.side,
  quantity: quantity.fromShares(1),
  orderType: input.entry === undefined ? 'market' : 'limit',
  limitPrice: input.entry ?? null,
  stopPrice: input.stop ?? null,
  timeInForce: 'day',
  strategyId: input.strategy_id ?? null,
});

/**
 * Entry and stop on the price grid, the stop on the losing side of the entry. Prices that we propose are
 * brought there, each against the trade; those that the caller gives are the caller's own.
 */
const levelsOf = (
  { side, entry: given, stop }: InputOf<'SizePosition'>,
  intent: OrderIntent,
  facts: RiskFacts,
): Outcome<{ readonly entry: Price; readonly stop: Price }> => {
  const expected = given ?? expectedPrice(intent, facts);
  if (expected === null)
    return refused(
      'NO_QUOTE',
      `There is no quote of ${intent.symbol} now.`,
      'Give entry, or ask while the market is open.',
    );
  const off = [given, stop].find((each) => each !== undefined && !price.isOnTick(each));
  if (off !== undefined)
    return refused(
      'INVALID_ARGUMENT',
      `No order can have the price ${price.format(off)}.`,
      `Give a price in steps of ${price.format(price.tickOf(off) as Price)} dollars.`,
    );
  const [forth, back] = side === 'buy' ? (['up', 'down'] as const) : (['down', 'up'] as const);
  const entry = price.toTick(expected, forth);
  const at = stop ?? stopAway(entry, { side, facts, rounding: back });
  if (at === undefined)
    return refused('NO_DATA', 'The average true range is not known.', 'Give a stop.');
  const loses = side === 'buy' ? at < entry : at > entry;
  if (loses && at > 0n) return accepted({ entry, stop: at });
  return refused(
    'INVALID_ARGUMENT',
    'The stop is not on the losing side of the entry.',
    'To buy, give a stop below the entry; to sell short, one above it.',
  );
};

/** Twice the average true range away from the entry; undefined where that is not known. */
const stopAway = (
  entry: Price,
  {
    side,
    facts,
    rounding,
  }: {
    readonly side: OrderIntent['side'];
    readonly facts: RiskFacts;
    readonly rounding: 'up' | 'down';
  },
): Price | undefined => {
  const range = facts.averageTrueRange?.value;
  if (range === undefined) return undefined;
  const away = (side === 'buy' ? entry - 2n * range : entry + 2n * range) as Price;
  return away > 0n ? price.toTick(away, rounding) : away;
};
