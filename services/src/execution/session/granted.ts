import type { GrantedOrder, StandingGrant } from '@sentinel/contracts/access';
import type { WorkingOrder } from '@sentinel/contracts/execution';
import {
  divide,
  type GrantId,
  type Money,
  money,
  type OrderId,
  type Quantity,
  quantity,
} from '@sentinel/contracts/kernel';
import type { OrderIntent, RiskFacts } from '@sentinel/contracts/risk';
import type { VersionedMap } from '../../kernel/index.ts';
import { worthOf } from '../../risk/index.ts';

/** What an order counts for in a grant's day: `value` for `shares` of it that are, or were, still to trade. */
export type CountedOrder = GrantedOrder & {
  readonly shares: Quantity;
  /** How many had traded of it then. */
  readonly tradedBefore: Quantity;
};

/** What a session knows of grants. */
export type Grants = {
  /** Versions that it was told of. One that never changed since it was given is none of them. */
  readonly grants: ReadonlyMap<GrantId, StandingGrant>;
  /** What orders that opened something count for, filled or not, by grant. */
  readonly grantedToday: ReadonlyMap<GrantId, Money>;
  readonly countedOrders: VersionedMap<OrderId, CountedOrder>;
};

/** What is needed of a session to count. */
type Counting = Grants & { readonly working: VersionedMap<OrderId, WorkingOrder> };

/**
 * The facts with the newest version of their grant that anybody knows: what the session was told counts
 * against an older one that was read before. So once a change stands here, no order passes it by.
 */
export const withNewestGrant = (
  facts: RiskFacts,
  { grants }: Pick<Grants, 'grants'>,
): RiskFacts => {
  const { grant: read } = facts;
  if (!read) return facts;
  const told = grants.get(read.grant.grantId);
  if (told === undefined || told.version <= read.version) return facts;
  const { asks, at } = read;
  return { ...facts, grant: { ...told, asks, at } };
};

/** What an order that is to have other terms counts for already, as far as it has not traded since. */
const standsFor = (grantId: GrantId, replaces: OrderId, session: Counting): Money => {
  const order = session.working.get(replaces);
  const counted = session.countedOrders.get(replaces);
  if (order === undefined || counted?.grantId !== grantId) return money.zero;
  const traded = quantity.subtract(order.cumulativeQuantity, counted.tradedBefore);
  const left = quantity.max(quantity.zero, quantity.subtract(counted.shares, traded));
  return divide(counted.value * left, counted.shares, 'down') as Money;
};

/** What orders of the grant count for before this one, which may take the place of another. */
export const grantedBefore = (
  { grant }: Pick<RiskFacts, 'grant'>,
  session: Counting,
  replaces: OrderId | undefined,
): { readonly grantedToday?: Money } => {
  if (!grant) return {};
  const { grantId } = grant.grant;
  const today = session.grantedToday.get(grantId) ?? money.zero;
  const stands = replaces === undefined ? money.zero : standsFor(grantId, replaces, session);
  return { grantedToday: money.subtract(today, stands) };
};

type Placed = { readonly intent: OrderIntent; readonly reducing: boolean };

/** What an approved order counts for in the day of the grant that asked for it. */
export const grantedBy = (
  facts: RiskFacts,
  { intent, reducing }: Placed,
): { readonly granted?: GrantedOrder } => {
  const { grant } = facts;
  if (!grant) return {};
  const value = reducing ? money.zero : (worthOf(intent, facts) ?? money.zero);
  return { granted: { grantId: grant.grant.grantId, value } };
};

/** The same of new terms: what they add to what the order counts for already. */
export const addedBy = (
  facts: RiskFacts,
  placed: Placed,
  { session, replaces }: { readonly session: Counting; readonly replaces: OrderId },
): { readonly granted?: GrantedOrder } => {
  const { granted } = grantedBy(facts, placed);
  if (granted === undefined) return {};
  const { grantId, value } = granted;
  const added = money.subtract(value, standsFor(grantId, replaces, session));
  return { granted: { grantId, value: money.max(money.zero, added) } };
};

/** Counts an order, or what new terms of it add. */
export const countGranted = (
  session: Counting,
  orderId: OrderId,
  { granted, shares }: { readonly granted: GrantedOrder | undefined; readonly shares: Quantity },
): Pick<Grants, 'grantedToday' | 'countedOrders'> => {
  const { grantedToday, countedOrders } = session;
  if (granted === undefined) return { grantedToday, countedOrders };
  const { grantId, value } = granted;
  const order = session.working.get(orderId);
  const left = order?.leavesQuantity ?? quantity.zero;
  const before = standsFor(grantId, orderId, session);
  return {
    grantedToday: new Map(grantedToday).set(
      grantId,
      money.add(grantedToday.get(grantId) ?? money.zero, value),
    ),
    countedOrders: countedOrders.with(orderId, {
      grantId,
      value: money.add(before, value),
      // Until the venue has spoken both the old and the new terms may trade.
      shares: quantity.max(left, shares),
      tradedBefore: order?.cumulativeQuantity ?? quantity.zero,
    }),
  };
};
