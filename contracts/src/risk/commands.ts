import { z } from 'zod';
import {
  command,
  decisionIdSchema,
  eventIdSchema,
  instantSchema,
  positionSchema,
  priceArgument,
  quantityArgument,
  textArgument,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument } from '../market/index.ts';
import { checkCodeSchema, riskCheckSchema } from './checks.ts';
import { haltScopeSchema, tradingStateSchema } from './halts.ts';
import { orderTypeSchema, sideSchema } from './order-intent.ts';

/** The arguments that describe an order, shared by the tools that judge one and that place one. */
export const orderArguments = {
  symbol: tickerArgument,
  side: sideSchema,
  qty: quantityArgument,
  order_type: orderTypeSchema,
  limit_price: priceArgument
    .optional()
    .meta({ description: 'required for a limit order, refused otherwise' }),
  stop_price: priceArgument.optional().meta({
    description: 'where you mean to get out: sizes the risk of the trade; places no order',
  }),
  strategy_id: textArgument(100).optional(),
};

export const assessmentView = z.strictObject({
  decision_id: decisionIdSchema,
  outcome: z.enum(['APPROVED', 'DENIED']),
  denial_code: checkCodeSchema.nullable(),
  limits_version: z.int(),
  policy_version: z.string(),
  checks: z.array(riskCheckSchema),
});

const haltArguments = {
  scope: haltScopeSchema,
  target: textArgument(100)
    .optional()
    .meta({ description: 'the strategy or symbol; absent for global' }),
};

export const riskCommands = {
  ValidateTrade: command(
    z.strictObject(orderArguments),
    assessmentView.extend({
      mode: z.string(),
      source: marketSourceSchema,
      log_position: positionSchema,
    }),
  ),
  EngageHalt: command(
    z.strictObject({ ...haltArguments, reason: textArgument(500).min(10) }),
    z.strictObject({
      halt_id: z.string(),
      scope: haltScopeSchema,
      target: z.string().nullable(),
      already_engaged: z.boolean(),
      trading_state: tradingStateSchema,
      /** The halt stands in every open session from here on. */
      log_position: positionSchema,
    }),
  ),
  RequestHaltRelease: command(
    z.strictObject({ ...haltArguments, reason: textArgument(500).min(10) }),
    z.strictObject({
      status: z.enum(['approval_required']),
      request_id: z.string(),
      event_id: eventIdSchema,
      expires_at: instantSchema,
      how_to_approve: z.string(),
      log_position: positionSchema,
    }),
  ),
} as const;
