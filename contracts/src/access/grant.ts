import { z } from 'zod';
import { grantIdSchema, instantSchema, moneySchema } from '../kernel/index.ts';
import { tickerSchema } from '../market/index.ts';

/**
 * What a client may do: `look` reads, `propose` has a human asked about an order, `trade` orders and changes
 * on paper, `govern` asks for what rules (limits, promotions, releases). None contains another.
 */
export const abilities = ['look', 'propose', 'trade', 'govern'] as const;
export const abilitySchema = z.enum(abilities);
export type Ability = z.output<typeof abilitySchema>;

/** A text of at least one character and at most `most`. */
export const shortText = (most: number) =>
  z.string().regex(new RegExp(`^[^]{1,${most}}$`), `not a text of 1 to ${most} characters`);

/** The program that speaks for a human: its id where it registered, and how it names itself. */
export const grantedClientSchema = z.strictObject({
  id: shortText(2_000),
  name: shortText(200),
});

/** What a client may do and within what limits: all that can be widened or narrowed. */
export const grantTermsSchema = z.strictObject({
  abilities: z.array(abilitySchema),
  /** Symbols in which it may order; null for any, and none where the list is empty. */
  symbols: z.array(tickerSchema).nullable(),
  /** Accounts of which it may know and in which it may act; null for any, none where the list is empty. */
  accounts: z.array(shortText(100)).nullable(),
  /** Of one order that opens something, at the price at which it would trade; null for none of its own. */
  maxOrderValue: moneySchema.nullable(),
  /** Of all orders of a session that open something, filled or not, together; null for none of its own. */
  maxDayValue: moneySchema.nullable(),
  /** By the wall clock: from here on it allows nothing. Null for never. */
  expiresAt: instantSchema.nullable(),
});
export type GrantTerms = z.output<typeof grantTermsSchema>;

/** Leave of a human for one client. It lives on the server: no token holds any of it but its id. */
export const grantSchema = grantTermsSchema.extend({
  grantId: grantIdSchema,
  client: grantedClientSchema,
  /** The human who granted it and on whose behalf the client acts: `human:<name>`. */
  principal: shortText(200),
});
export type Grant = z.output<typeof grantSchema>;

export const grantStandingSchema = z.enum(['in_force', 'revoked']);

/** A grant as it stands at one version of it, counted from 1 and by one with each change. */
export const standingGrantSchema = z.strictObject({
  grant: grantSchema,
  version: z.int().min(1),
  /** Whether it was revoked; that it has expired its terms say. */
  standing: grantStandingSchema,
});
export type StandingGrant = z.output<typeof standingGrantSchema>;

/** By which grant an order was placed, and what it counts for in the grant's day. */
export const grantedOrderSchema = z.strictObject({
  grantId: grantIdSchema,
  /** Zero for what can only shrink a position. */
  value: moneySchema,
});
export type GrantedOrder = z.output<typeof grantedOrderSchema>;
