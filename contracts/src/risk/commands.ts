import { z } from 'zod';
import { pendingApproval } from '../approval/index.ts';
import {
  anyReasonArgument,
  command,
  decisionIdSchema,
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  moneySchema,
  priceArgument,
  priceSchema,
  quantityArgument,
  quantitySchema,
  reasonArgument,
  signalIdSchema,
  textArgument,
} from '../kernel/index.ts';
import { marketSourceSchema, tickerArgument } from '../market/index.ts';
import { checkCodeSchema, riskCheckSchema } from './checks.ts';
import { haltScopeSchema, tradingStateSchema } from './halts.ts';
import { orderTypeSchema, sideSchema } from './order-intent.ts';
import { sizingCapSchema } from './sizing.ts';

/** The arguments that describe an order, shared by the tools that judge one and that place one. */
export const orderArguments = {
  symbol: tickerArgument,
  side: sideSchema,
  qty: quantityArgument,
  order_type: orderTypeSchema,
  limit_price: priceArgument
    .optional()
    .meta({ description: 'required for limit and stop_limit, refused otherwise' }),
  stop_price: priceArgument.optional().meta({
    description:
      'required for stop and stop_limit: where it begins to trade. Other types: where you mean to get out; it places no order',
  }),
  trail: textArgument(20).optional().meta({
    description:
      'required for trailing_stop: distance behind the best price, dollars ("2.50") or per cent ("1.5%")',
  }),
  take_profit: priceArgument.optional().meta({
    description: 'limit price of an exit for what the order fills',
  }),
  stop_loss: priceArgument.optional().meta({
    description:
      'stop price of an exit; with take_profit a fill of one shrinks the other. On a limit order that sells what is held, its pair (OCO)',
  }),
  strategy_id: textArgument(100).optional(),
  signal_id: signalIdSchema.optional().meta({
    description:
      'the signal of strategy_id that the order follows: the decision committee judges it',
  }),
};

export const assessmentView = z.strictObject({
  decision_id: decisionIdSchema,
  outcome: z
    .enum(['APPROVED', 'DENIED', 'APPROVAL_REQUIRED'])
    .meta({ description: 'APPROVAL_REQUIRED: nothing blocks it, and a human decides' }),
  denial_code: checkCodeSchema.nullable(),
  limits_version: z.int(),
  policy_version: z.string(),
  checks: z.array(riskCheckSchema),
});

const haltArguments = {
  scope: haltScopeSchema,
  target: textArgument(100)
    .optional()
    .meta({ description: 'the strategy or symbol; not looked at for global' }),
};

const limitChange = z.strictObject({ limit: z.string(), before: z.string(), after: z.string() });

export const riskCommands = {
  SizePosition: command(
    z.strictObject({
      symbol: tickerArgument,
      side: z.enum(['buy', 'sell_short']),
      entry: priceArgument
        .optional()
        .meta({ description: 'where you mean to get in; the far side of the quote unless given' }),
      stop: priceArgument
        .optional()
        .meta({ description: 'where you mean to get out; twice the daily ATR away unless given' }),
      strategy_id: textArgument(100).optional(),
      confidence: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .meta({ description: 'of the signal, 0 to 1' }),
    }),
    z.strictObject({
      symbol: z.string(),
      side: sideSchema,
      shares: quantitySchema,
      /** The smallest of the caps. */
      binding_constraint: sizingCapSchema,
      entry: priceSchema,
      stop: priceSchema,
      risk_budget: moneySchema,
      risk_per_share: priceSchema,
      volatility_scalar_bps: z.int(),
      confidence_scalar_bps: z.int(),
      regime: z.string(),
      caps: z
        .record(z.string(), quantitySchema)
        .meta({ description: 'shares that each cap allows' }),
      equity: moneySchema.nullable(),
      limits_version: z.int(),
      source: marketSourceSchema,
      log_position: logPositionSchema,
    }),
  ),
  ValidateTrade: command(
    z.strictObject({ ...orderArguments, detail: z.enum(['short', 'full']).optional() }),
    assessmentView.extend({
      other_checks_count: z
        .int()
        .meta({ description: 'passed or did not apply; detail full tells them' }),
      mode: z.string(),
      source: marketSourceSchema,
      log_position: logPositionSchema,
    }),
  ),
  EngageHalt: command(
    z.strictObject({ ...haltArguments, reason: anyReasonArgument }),
    z.strictObject({
      halt_id: z.string(),
      scope: haltScopeSchema,
      target: z.string().nullable(),
      already_engaged: z.boolean(),
      trading_state: tradingStateSchema,
      /** The halt stands in every open session from here on. */
      log_position: logPositionSchema,
    }),
  ),
  RequestHaltRelease: command(
    z.strictObject({ ...haltArguments, reason: textArgument(500).min(10) }),
    z.strictObject({
      status: z.enum(['approval_required']),
      request_id: z.string(),
      event_id: eventIdSchema.nullable().meta({
        description: 'null when the same caller asked already and a human has not answered',
      }),
      expires_at: instantSchema,
      how_to_approve: z.string(),
      log_position: logPositionSchema,
    }),
  ),
  SetLimits: command(
    z.strictObject({
      changes: z
        .array(
          z.strictObject({
            limit: textArgument(60).meta({
              description: 'such as maxPositionBps or order.maxValue',
            }),
            value: z
              .union([z.string().max(40), z.number()])
              .meta({ description: 'a count, basis points, or dollars and shares as text' }),
          }),
        )
        .min(1)
        .max(50),
      reason: reasonArgument,
    }),
    z.strictObject({
      status: z.enum(['in_force', 'approval_required', 'unchanged']).meta({
        description: 'approval_required: what is tighter is in force, what is looser waits',
      }),
      limits_version: z.int(),
      in_force: z.array(limitChange),
      waiting: z.array(limitChange),
      approval: pendingApproval.nullable(),
      log_position: logPositionSchema,
    }),
  ),
} as const;
