import { z } from 'zod';
import {
  cursorArgument,
  instantSchema,
  logPositionSchema,
  minPositionArgument,
  nextCursorSchema,
  query,
} from '../kernel/index.ts';
import { strategyStateSchema } from '../strategy/index.ts';
import { strategyArgument } from './commands.ts';
import { criterionView } from './criteria.ts';
import { driftReportSchema } from './drift.ts';
import { promotionTargetSchema, stateView } from './lifecycle.ts';

const lifecycleView = z.strictObject({
  strategy: z.string(),
  name: z.string(),
  type: z.string(),
  parameters: z.record(z.string(), z.number()),
  state: stateView,
  since: instantSchema,
  by: z.string().nullable(),
  reason: z.string().nullable(),
  returns_to: stateView.nullable(),
  backtests: z.int(),
  denied_promotions: z.int(),
  pending_request: z
    .strictObject({
      request_id: z.string(),
      target_state: stateView,
      expires_at: instantSchema,
    })
    .nullable(),
});

export const governanceQueries = {
  ListLifecycles: query(
    z.strictObject({
      state: strategyStateSchema.optional(),
      limit: z.int().min(1).max(100).default(20),
      cursor: cursorArgument,
      min_position: minPositionArgument,
    }),
    z.strictObject({
      strategies: z.array(lifecycleView),
      next_cursor: nextCursorSchema,
      as_of_position: logPositionSchema,
    }),
  ),
  EvaluatePromotion: query(
    z.strictObject({ strategy: strategyArgument, target_state: promotionTargetSchema }),
    z.strictObject({
      strategy: z.string(),
      state: stateView,
      target_state: stateView,
      ready: z.boolean(),
      needs_human: z.boolean(),
      criteria: z.array(criterionView),
      as_of_position: logPositionSchema,
    }),
  ),
  CheckDrift: query(
    z.strictObject({ strategy: strategyArgument }),
    driftReportSchema.extend({
      strategy: z.string(),
      state: stateView,
      as_of_position: logPositionSchema,
    }),
  ),
} as const;
