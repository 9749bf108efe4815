import type { OutputOf } from '@sentinel/contracts';
import { type Money, millisecondsBetween, money, quantity } from '@sentinel/contracts/kernel';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { marginUsed } from '../maintenance.ts';
import { lossSince } from './drawdown.ts';
import { atRisk, bpsOf, type ValuedReading } from './reading.ts';

type Reading = OutputOf<'GetLimits'>['limits'][number];
type PerOrder = OutputOf<'GetLimits'>['per_order'][number];

/** From this share of a limit on it is near. */
const nearBps = 8_000;

const stateOf = (now: number, allowed: number): Reading['state'] => {
  if (now >= allowed) return 'reached';
  return now * 10_000 >= allowed * nearBps ? 'near' : 'ok';
};

type Counted = {
  readonly limit: string;
  readonly unit: Reading['unit'];
  readonly now: number;
  readonly allowed: number;
  readonly detail?: string | null;
};

const counted = ({ limit, unit, now, allowed, detail = null }: Counted): Reading => ({
  limit,
  unit,
  allowed: `${allowed}`,
  now: `${now}`,
  room: `${Math.max(0, allowed - now)}`,
  state: stateOf(now, allowed),
  detail,
});

const drawdowns = ({ account, equity, limits }: ValuedReading): readonly Reading[] =>
  [
    ['daily_drawdown', account.dayStartEquity, limits.limits.maxDailyDrawdownBps] as const,
    ['weekly_drawdown', account.weekStartEquity, limits.limits.maxWeeklyDrawdownBps] as const,
  ].map(([limit, start, allowed]) => {
    const { drawdown_bps, distance_usd } = lossSince(start, equity, allowed);
    const detail = `${money.format(distance_usd ?? money.zero)} dollars may still be lost`;
    return counted({ limit, unit: 'bps', now: drawdown_bps, allowed, detail });
  });

const exposures = ({ symbols, equity, limits }: ValuedReading): readonly Reading[] => {
  const { maxGrossExposureBps, maxPositionBps, maxSectorBps } = limits.limits;
  const gross = money.add(...symbols.map(atRisk));
  const largest = symbols.reduce<{ readonly name: string | null; readonly value: Money }>(
    (most, of) => (atRisk(of) > most.value ? { name: of.symbol, value: atRisk(of) } : most),
    { name: null, value: money.zero },
  );
  const known = symbols.filter(({ sector }) => sector !== null);
  const sectors = [...Map.groupBy(known, ({ sector }) => sector)].map(([name, all]) => ({
    name,
    value: money.add(...all.map(atRisk)),
  }));
  const sector = sectors.reduce((most, of) => (of.value > most.value ? of : most), {
    name: null as string | null,
    value: money.zero,
  });
  const share = (value: Money) => bpsOf(value, equity);
  return [
    counted({
      ...{ limit: 'gross_exposure', unit: 'bps' },
      ...{ now: share(gross), allowed: maxGrossExposureBps },
    }),
    counted({
      ...{ limit: 'position_size', unit: 'bps', detail: largest.name },
      ...{ now: share(largest.value), allowed: maxPositionBps },
    }),
    counted({
      ...{ limit: 'sector_exposure', unit: 'bps', detail: sector.name },
      ...{ now: share(sector.value), allowed: maxSectorBps },
    }),
  ];
};

const msPerMinute = 60_000;

const conduct = ({
  account,
  limits: { limits },
  symbols,
  at,
}: ValuedReading): readonly Reading[] => {
  const { messages, closedLosses } = account;
  const losses = closedLosses ?? account.lossStreak;
  const since = losses.lastLossAt && millisecondsBetween(losses.lastLossAt, at) / msPerMinute;
  const waits =
    losses.count >= limits.lossCooldownCount && since !== null
      ? Math.max(0, Math.ceil(limits.lossCooldownMinutes - since))
      : 0;
  const count = (limit: string, now: number, allowed: number) =>
    counted({ limit, unit: 'count', now, allowed });
  return [
    count('open_symbols', symbols.length, limits.maxConcurrentPositions),
    count('messages_per_second', messages.lastSecond, limits.maxMessagesPerSecond),
    count('messages_per_minute', messages.lastMinute, limits.maxMessagesPerMinute),
    count('messages_per_session', messages.today, limits.maxMessagesPerDay),
    {
      ...count('losses_in_a_row', losses.count, limits.lossCooldownCount),
      ...(waits === 0
        ? { state: 'ok' as const }
        : { detail: `new risk waits ${waits} more minutes` }),
    },
  ];
};

/** Credit: cash less what is set aside, or with margin what equity does not bear yet. */
const credit = ({ account, equity, symbols, marks, limits }: ValuedReading): Reading => {
  const { margin } = limits.limits;
  const reserved = money.add(...symbols.map((of) => of.reserved));
  const gross = money.add(...symbols.map(atRisk));
  const [tied, all] =
    margin === undefined
      ? [reserved, account.cash]
      : [marginUsed(account, { gross }, { facts: { marks }, margin }), equity];
  const room = money.max(money.zero, money.subtract(all, tied));
  return {
    limit: margin === undefined ? 'cash_set_aside' : 'initial_margin',
    unit: 'usd',
    allowed: money.format(all),
    now: money.format(tied),
    room: money.format(room),
    state: stateOf(Number(tied), Number(all)),
    detail: null,
  };
};

const perOrder = (limits: RiskLimits, equity: Money): readonly PerOrder[] => {
  const of = (limit: string, unit: string, allowed: string | number): PerOrder => ({
    limit,
    unit,
    allowed: `${allowed}`,
  });
  const { order, collar, repeatedExecution, margin } = limits;
  return [
    of('trade_risk', 'bps of equity', limits.maxTradeRiskBps),
    of('spread', 'bps', limits.maxSpreadBps),
    of('slippage', 'bps', limits.maxSlippageBps),
    of('average_daily_volume_at_least', 'shares', quantity.format(limits.minAverageDailyVolume)),
    of('order_of_daily_volume', 'bps', limits.maxOrderVolumeBps),
    of('correlation', 'bps', limits.maxCorrelationBps),
    of('quote_age', 'ms', limits.maxQuoteAgeMs),
    of('same_order_again', 'ms', limits.duplicateWindowMs),
    of('before_the_close', 'minutes', limits.closingWindowMinutes),
    ...(order === undefined
      ? []
      : [
          of('order_value', 'usd', money.format(largestOrder(order, equity))),
          of('order_quantity', 'shares', quantity.format(order.maxQuantity)),
        ]),
    ...(collar === undefined ? [] : [of('price_collar', 'bps', collar.bps)]),
    ...(repeatedExecution === undefined
      ? []
      : [
          of(
            'orders_of_one_strategy',
            `in ${repeatedExecution.windowMinutes} minutes`,
            repeatedExecution.perWindow,
          ),
        ]),
    ...(margin === undefined ? [] : [of('maintenance_margin', 'bps', margin.maintenanceBps)]),
  ];
};

const largestOrder = (
  { maxValue, maxValueBps }: NonNullable<RiskLimits['order']>,
  equity: Money,
): Money =>
  money.min(maxValue, money.atBps(money.max(equity, money.zero), BigInt(maxValueBps), 'down'));

/** How much of a limit is used, for the order of the list. */
const used = ({ now, allowed }: Reading): number =>
  Number(allowed) <= 0 ? Number.POSITIVE_INFINITY : Number(now) / Number(allowed);

/** Every limit: those that stand somewhere, the nearest first, and those that judge one order. */
export const limitFigures = (reading: ValuedReading) => ({
  equity_usd: reading.equity,
  limits: [...drawdowns(reading), ...exposures(reading), ...conduct(reading), credit(reading)].sort(
    (a, b) => used(b) - used(a),
  ),
  per_order: [...perOrder(reading.limits.limits, reading.equity)],
  unpriced: [...reading.unpriced],
});
