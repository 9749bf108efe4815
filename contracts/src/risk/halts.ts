import { z } from 'zod';
import { approvalRequestIdSchema, haltIdSchema, instantSchema } from '../kernel/index.ts';

/** `global` covers every account; the others one account, or a strategy or symbol in it. */
export const haltScopeSchema = z.enum(['global', 'account', 'strategy', 'symbol']);
export type HaltScope = z.output<typeof haltScopeSchema>;

export const haltSchema = z.strictObject({
  haltId: haltIdSchema,
  scope: haltScopeSchema,
  /** The strategy or symbol; null for a global halt and for one of an account. */
  target: z.string().nullable(),
  reason: z.string(),
  engagedBy: z.string(),
  engagedAt: instantSchema,
  /** The account that it covers; absent in a global halt, and in older ones, which cover every account. */
  account: z.string().optional(),
  /** Present when the guard engaged it: the code of the danger. */
  danger: z.string().optional(),
});
export type Halt = z.output<typeof haltSchema>;

/** A wish to release a halt, waiting for a human who answers outside the conversation. */
export const releaseRequestSchema = z.strictObject({
  requestId: approvalRequestIdSchema,
  haltId: haltIdSchema,
  reason: z.string(),
  requestedBy: z.string(),
  requestedAt: instantSchema,
  expiresAt: instantSchema,
});
export type ReleaseRequest = z.output<typeof releaseRequestSchema>;

/** ACTIVE takes any order, REDUCING only those that shrink a position, HALTED none. */
export const tradingStateSchema = z.enum(['ACTIVE', 'REDUCING', 'HALTED']);
export type TradingState = z.output<typeof tradingStateSchema>;
