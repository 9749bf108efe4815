/** In order of precedence. */
export const sessionRefusals = [
  'SESSION_NOT_OPEN',
  'IDEMPOTENCY_KEY_REUSED',
  'UNKNOWN_ORDER',
  'ORDER_NOT_WORKING',
  'NOTHING_TO_CLOSE',
  'HALTED',
  'ORDERS_WORKING',
  'INVALID_ARGUMENT',
  'FACTS_LACKING',
  'CLOCK_BACKWARD',
] as const;
export type SessionRefusal = (typeof sessionRefusals)[number];
