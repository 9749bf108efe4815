import type { OutputOf } from '@sentinel/contracts';
import { encodeBy, money, type Price } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { markedOrAtCost, markToMarket } from '@sentinel/contracts/portfolio';
import { type RiskLimits, riskLimitsSchema } from '@sentinel/contracts/risk';
import { type Session, workingInTurn } from '../../execution/index.ts';

type Standing = OutputOf<'ReplaySession'>['as_of'];

/** Every limit by its name, those of a group as `order.maxValue`, each as text. */
const limitTexts = (limits: RiskLimits): Readonly<Record<string, string>> => {
  const texts: Record<string, string> = {};
  const tell = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) texts[path] = `${value}`;
    else if (Array.isArray(value)) texts[path] = value.join(' ');
    else
      for (const [name, each] of Object.entries(value))
        tell(each, path === '' ? name : `${path}.${name}`);
  };
  tell(encodeBy(riskLimitsSchema, limits), '');
  return texts;
};

/** Cash and what is held, at these prices; at cost where there is none. */
export const equityAt = (
  { cash, positions }: Pick<Session, 'cash' | 'positions'>,
  marks: ReadonlyMap<Ticker, Price>,
) =>
  money.add(
    cash,
    ...[...positions.values()].map((held) => markedOrAtCost(held, marks.get(held.symbol))),
  );

const portfolioOf = (
  session: Session,
  marks: ReadonlyMap<Ticker, Price>,
): Standing['portfolio'] => ({
  equity: equityAt(session, marks),
  cash: session.cash,
  reserved_cash: money.add(...workingInTurn(session).map((order) => order.reservedCash)),
  realized_pnl: session.realizedPnl,
  fees: session.fees,
  day_start_equity: session.dayStartEquity,
  positions: [...session.positions.values()].map((held) => {
    const mark = marks.get(held.symbol) ?? null;
    return {
      symbol: held.symbol,
      quantity: held.quantity,
      average_price: held.averagePrice,
      mark,
      unrealized_pnl: mark === null ? null : money.subtract(markToMarket(held, mark), held.cost),
    };
  }),
});

/** Portfolio, working orders, limits and halts of a session as one event left it. */
export const knownThen = (
  session: Session,
  marks: ReadonlyMap<Ticker, Price>,
): Omit<Standing, 'event_id' | 'type' | 'log_position'> => ({
  at: session.lastAt,
  phase: session.phase,
  portfolio: portfolioOf(session, marks),
  orders: workingInTurn(session).map(({ orderId, intent, status, ...order }) => ({
    order_id: orderId,
    symbol: intent.symbol,
    side: intent.side,
    qty: intent.quantity,
    filled_qty: order.cumulativeQuantity,
    order_type: intent.orderType,
    status,
    limit_price: intent.limitPrice,
    stop_price: order.stopAt ?? intent.triggerPrice ?? null,
  })),
  limits: { version: session.limits.version, values: limitTexts(session.limits.limits) },
  halts: session.halts.map(({ scope, target, reason }) => ({ scope, target, reason })),
});
