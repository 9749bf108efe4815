import type { ApprovalRefusal } from '../../approval/index.ts';

/** In order of precedence. */
const sessionRefusals = [
  'SESSION_NOT_OPEN',
  'IDEMPOTENCY_KEY_REUSED',
  'UNKNOWN_ORDER',
  'ORDER_NOT_WORKING',
  'NOTHING_TO_CLOSE',
  'TOO_MANY_WAITING',
  'HALTED',
  'ORDERS_WORKING',
  'POSITIONS_HELD',
  'INVALID_ARGUMENT',
  'FACTS_LACKING',
  'CLOCK_BACKWARD',
] as const;
export type SessionRefusal = (typeof sessionRefusals)[number] | ApprovalRefusal;
