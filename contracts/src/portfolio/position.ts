import { z } from 'zod';
import { moneySchema, priceSchema, quantitySchema } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';

/** What is held of one symbol. A flat position is not kept. */
export const positionStateSchema = z.strictObject({
  symbol: tickerSchema,
  quantity: quantitySchema,
  /** Mean price paid for what is held, to the micro-dollar, rounded against us; fees are not in it. */
  averagePrice: priceSchema,
  /** Cost of what is held in dollars, exact: what realised P&L is reckoned from. */
  cost: moneySchema,
});
export type PositionState = z.output<typeof positionStateSchema>;
