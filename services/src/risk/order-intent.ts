import type { InputOf } from '@sentinel/contracts';
import {
  accepted,
  type Outcome,
  type Price,
  parseDecimal,
  refused,
} from '@sentinel/contracts/kernel';
import type { OrderIntent, OrderType, TimeInForce, Trail } from '@sentinel/contracts/risk';

type OrderInput = InputOf<'ValidateTrade'> & Partial<Pick<InputOf<'PlaceOrder'>, 'time_in_force'>>;

const hasLimit = (type: OrderType): boolean => type === 'limit' || type === 'stop_limit';
const hasTrigger = (type: OrderType): boolean => type === 'stop' || type === 'stop_limit';

const usualTimeInForce = (type: OrderType): TimeInForce =>
  type === 'market_on_open' ? 'opg' : type === 'market_on_close' ? 'cls' : 'day';

/** What does not fit together, with what to do, in the order in which it is looked at. */
type Rule = readonly [broken: boolean, what: string, remedy: string];

/** What a caller's arguments mean, or which of them do not fit together. */
export const intentOf = (input: OrderInput): Outcome<OrderIntent> => {
  const type = input.order_type;
  const timeInForce = input.time_in_force ?? usualTimeInForce(type);
  const trail = input.trail === undefined ? undefined : trailOf(input.trail);
  const broken = [
    ...priceRules(input, trail),
    ...timeRules(type, timeInForce),
    ...exitRules(input),
    ...signalRules(input),
  ].find(([isBroken]) => isBroken);
  if (broken !== undefined) return refused('INVALID_ARGUMENT', broken[1], broken[2]);
  const { take_profit: takeProfit, stop_loss: stopLoss, stop_price: stopPrice } = input;
  return accepted({
    symbol: input.symbol,
    side: input.side,
    quantity: input.qty,
    orderType: type,
    limitPrice: input.limit_price ?? null,
    stopPrice: stopLoss ?? (hasTrigger(type) ? null : (stopPrice ?? null)),
    timeInForce,
    strategyId: input.strategy_id ?? null,
    ...(input.signal_id !== undefined && { signalId: input.signal_id }),
    ...(hasTrigger(type) && stopPrice !== undefined && { triggerPrice: stopPrice }),
    ...(trail !== undefined && { trail }),
    ...((takeProfit !== undefined || stopLoss !== undefined) && {
      exits: { takeProfit: takeProfit ?? null, stopLoss: stopLoss ?? null },
    }),
  });
};

const microDollars = 6;
const hundredths = 2;
const mostTrailBps = 5_000n;

/** Dollars such as "2.50", or per cent such as "1.5%"; undefined for anything else. */
const trailOf = (text: string): Trail | undefined => {
  if (!text.endsWith('%')) {
    const amount = parseDecimal(text, microDollars);
    return amount === undefined || amount <= 0n
      ? undefined
      : { amount: amount as Price, bps: null };
  }
  const bps = parseDecimal(text.slice(0, -1), hundredths);
  if (bps === undefined || bps <= 0n || bps > mostTrailBps) return undefined;
  return { amount: null, bps: Number(bps) };
};

const priceRules = (input: OrderInput, trail: Trail | undefined): readonly Rule[] => {
  const { order_type: type, side, limit_price: limit, stop_price: stop } = input;
  const isBeyond = limit !== undefined && stop !== undefined && isBetter(side, limit, stop);
  return [
    [
      hasLimit(type) && limit === undefined,
      `A ${type} order needs a limit_price.`,
      'Give limit_price, or use an order_type without one.',
    ],
    [
      !hasLimit(type) && limit !== undefined,
      `A ${type} order takes no limit_price.`,
      'Leave limit_price out, or use order_type limit.',
    ],
    [
      hasTrigger(type) && stop === undefined,
      `A ${type} order needs a stop_price at which it begins to trade.`,
      'Give stop_price, or use order_type market or limit.',
    ],
    [
      type === 'stop_limit' && isBeyond,
      'The limit_price is better than the stop_price: once the stop is reached it could not trade.',
      'To buy, give a limit at or above the stop; to sell, at or below it.',
    ],
    [
      (type === 'trailing_stop') !== (input.trail !== undefined),
      'A trail belongs to a trailing_stop order, and such an order needs one.',
      'Give trail as dollars ("2.50") or per cent ("1.5%") with order_type trailing_stop.',
    ],
    [
      input.trail !== undefined && trail === undefined,
      `"${input.trail}" is no trail.`,
      'Give dollars such as "2.50", or up to 50 per cent with two places such as "1.5%".',
    ],
  ];
};

/** Whether `a` is a better price than `b` for somebody who trades on `side`. */
const isBetter = (side: OrderInput['side'], a: Price, b: Price): boolean =>
  side === 'buy' ? a < b : a > b;

const timeRules = (type: OrderType, timeInForce: TimeInForce): readonly Rule[] => {
  const usual = usualTimeInForce(type);
  const isPlain = type === 'market' || type === 'limit';
  return [
    [
      usual !== 'day' && timeInForce !== usual,
      `A ${type} order has time_in_force ${usual}.`,
      'Leave time_in_force out.',
    ],
    [
      usual === 'day' && !isPlain && timeInForce !== 'day' && timeInForce !== 'gtc',
      `A ${type} order waits, and so cannot be ${timeInForce}.`,
      'Use time_in_force day or gtc.',
    ],
  ];
};

const signalRules = (input: OrderInput): readonly Rule[] => [
  [
    input.signal_id !== undefined && input.strategy_id === undefined,
    'A signal belongs to a strategy.',
    'Give strategy_id beside signal_id, as the scan answered both.',
  ],
];

const exitRules = (input: OrderInput): readonly Rule[] => {
  const { side, order_type: type, limit_price: limit, take_profit: take, stop_loss: loss } = input;
  if (take === undefined && loss === undefined) return [];
  const sells = side === 'sell';
  const entry = hasLimit(type) ? limit : undefined;
  const gains = (a: Price | undefined, b: Price | undefined): boolean =>
    a === undefined || b === undefined || (side === 'buy' ? a > b : a < b);
  return [
    [
      sells && (type !== 'limit' || take !== undefined || loss === undefined),
      'A sale of what is held takes a stop_loss beside its limit_price, and no other exits.',
      'Use order_type limit with limit_price and stop_loss for a pair of exits.',
    ],
    [
      sells && loss !== undefined && limit !== undefined && loss >= limit,
      'The stop_loss of a sale must be below its limit_price.',
      'Give a stop_loss below limit_price.',
    ],
    [
      !sells && !(gains(take, loss) && gains(take, entry) && gains(entry, loss)),
      'The exits stand on the wrong side: stop_loss, entry and take_profit must follow each other.',
      'To buy, stop_loss < entry < take_profit; to sell short, the other way round.',
    ],
  ];
};
