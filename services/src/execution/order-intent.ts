import type { InputOf } from '@sentinel/contracts';
import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';

type OrderInput = InputOf<'ValidateTrade'> & Partial<Pick<InputOf<'PlaceOrder'>, 'time_in_force'>>;

/** What a caller's arguments mean, or which of them do not fit together. */
export const intentOf = (input: OrderInput): Outcome<OrderIntent> => {
  if (input.order_type === 'limit' && input.limit_price === undefined) {
    return refused(
      'INVALID_ARGUMENT',
      'A limit order needs a limit_price.',
      'Give limit_price, or use order_type market.',
    );
  }
  if (input.order_type === 'market' && input.limit_price !== undefined) {
    return refused(
      'INVALID_ARGUMENT',
      'A market order takes no limit_price.',
      'Leave limit_price out, or use order_type limit.',
    );
  }
  return accepted({
    symbol: input.symbol,
    side: input.side,
    quantity: input.qty,
    orderType: input.order_type,
    limitPrice: input.limit_price ?? null,
    stopPrice: input.stop_price ?? null,
    timeInForce: input.time_in_force ?? 'day',
    strategyId: input.strategy_id ?? null,
  });
};
