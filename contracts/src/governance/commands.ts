import { z } from 'zod';
import {
  approvalRequestIdSchema,
  command,
  eventIdSchema,
  instantSchema,
  logPositionSchema,
  textArgument,
} from '../kernel/index.ts';
import { timeframeSchema } from '../market/index.ts';
import { criterionView } from './criteria.ts';
import { promotionTargetSchema, stateView } from './lifecycle.ts';

export const strategyArgument = textArgument(100).meta({
  description: 'its id, as governance.list_strategies shows it',
});

export const governanceCommands = {
  CreateStrategy: command(
    z.strictObject({
      name: textArgument(60).meta({
        description: 'becomes its id: "Fast momentum", fast_momentum',
      }),
      description: textArgument(500).min(20),
      type: textArgument(100).meta({
        description: 'the rule, such as momentum_v1 (strategy.list)',
      }),
      parameters: z
        .record(z.string(), z.number())
        .default({})
        .meta({ description: 'those that differ from the type’s own; fixed from here on' }),
    }),
    z.strictObject({
      strategy: z.string(),
      state: stateView,
      type: z.string(),
      timeframe: timeframeSchema,
      parameters: z.record(z.string(), z.number()),
      next_state: stateView,
      log_position: logPositionSchema,
    }),
  ),
  PromoteStrategy: command(
    z.strictObject({
      strategy: strategyArgument,
      target_state: promotionTargetSchema.meta({
        description: 'the next state; of a suspended one the state before; or retired',
      }),
      notes: textArgument(1000).min(10).meta({ description: 'why, for whoever reads it later' }),
    }),
    z.strictObject({
      status: z.enum(['promoted', 'approval_required', 'retired']),
      strategy: z.string(),
      state: stateView,
      event_id: eventIdSchema.nullable().meta({
        description: 'null when the same was asked before and a human has not answered',
      }),
      criteria: z.array(criterionView),
      request_id: z.string().nullable(),
      expires_at: instantSchema.nullable(),
      how_to_approve: z.string().nullable(),
      log_position: logPositionSchema,
    }),
  ),
  SuspendStrategy: command(
    z.strictObject({ strategy: strategyArgument, reason: textArgument(500).optional() }),
    z.strictObject({
      strategy: z.string(),
      state: stateView,
      returns_to: stateView.nullable(),
      already_suspended: z.boolean(),
      /** It stands in every open session from here on. */
      log_position: logPositionSchema,
    }),
  ),
  ApproveRequest: command(
    z.strictObject({
      request_id: approvalRequestIdSchema,
      digest: textArgument(64).meta({ description: 'of exactly what is approved' }),
    }),
    z.strictObject({
      request_id: z.string(),
      outcome: z.string(),
      log_position: logPositionSchema,
    }),
  ),
} as const;
