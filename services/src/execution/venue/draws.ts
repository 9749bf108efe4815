import type { VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import { type Quantity, quantity } from '@sentinel/contracts/kernel';
import { chance } from './chance.ts';

/** What a draw is for, so that one order's draws are independent. */
const purposes = {
  latency: 1,
  cancelLatency: 2,
  slippage: 3,
  replaceLatency: 4,
  answer: 5,
  arrival: 6,
  duplicate: 7,
  lateFill: 8,
  connection: 9,
} as const;

/** `latencyMs` give or take a fifth, to the microsecond. */
const afterLatency = (
  from: Temporal.Instant,
  { sequence }: WorkingOrder,
  { terms, purpose }: { readonly terms: VenueTerms; readonly purpose: number },
): Temporal.Instant => {
  const share = 0.8 + 0.4 * chance(terms.seed, sequence, purpose);
  const microseconds = Math.round(terms.latencyMs * 1000 * share);
  return Temporal.Instant.fromEpochNanoseconds(
    from.epochNanoseconds + BigInt(microseconds) * 1000n,
  );
};

type Due = { readonly terms: VenueTerms; readonly at: Temporal.Instant };
const dues = new WeakMap<WorkingOrder, Due>();

/** When the order reaches the venue. Nothing is reported before. Asked at every look, reckoned once. */
export const dueAt = (order: WorkingOrder, terms: VenueTerms): Temporal.Instant => {
  const known = dues.get(order);
  if (known !== undefined && known.terms === terms) return known.at;
  const at = afterLatency(order.submittedAt, order, { terms, purpose: purposes.latency });
  dues.set(order, { terms, at });
  return at;
};

/** When the pending cancel reaches the venue; undefined when none is pending. */
export const cancelDueAt = (
  order: WorkingOrder,
  terms: VenueTerms,
): Temporal.Instant | undefined =>
  order.status !== 'pending_cancel' || order.cancelRequestedAt === null
    ? undefined
    : afterLatency(order.cancelRequestedAt, order, { terms, purpose: purposes.cancelLatency });

/** When the pending replacement reaches the venue; undefined when none is pending. */
export const replaceDueAt = (
  order: WorkingOrder,
  terms: VenueTerms,
): Temporal.Instant | undefined =>
  order.status !== 'pending_replace' || order.replacement === undefined
    ? undefined
    : afterLatency(order.replacement.at, order, { terms, purpose: purposes.replaceLatency });

const microBpsScale = 1_000_000n;
/** An order of this many displayed sizes or more pays the most: five times the bare slippage. */
const mostDepths = 5n;

/**
 * Slippage in millionths of a basis point: `slippageBps` times a drawn factor from 0.5 to 1.5, times
 * the depth of the order in sizes to be had, from 1 to 5. The quantity filled before stands for the
 * number of the fill: it grows with each, and outlives the session.
 */
export const slippageMicroBps = (
  order: WorkingOrder,
  { terms, size }: { readonly terms: VenueTerms; readonly size: Quantity },
): bigint => {
  if (terms.slippageBps === 0) return 0n;
  const filled = order.cumulativeQuantity;
  const drawn = chance(
    terms.seed,
    order.sequence,
    purposes.slippage,
    Number(filled / 2n ** 32n),
    Number(filled % 2n ** 32n),
  );
  const bare =
    BigInt(terms.slippageBps) * (microBpsScale / 2n + BigInt(Math.floor(drawn * 1_000_000)));
  const capped = quantity.min(order.leavesQuantity, (size * mostDepths) as Quantity);
  const excess = capped - quantity.min(capped, size);
  return bare + (bare * excess) / size;
};

const inBps = (drawn: number, bps: number): boolean => drawn * 10_000 < bps;

/** How the venue misbehaves towards one order, where faults are injected. */
export const faultsOf = (order: WorkingOrder, { seed, faults }: VenueTerms) => {
  const draw = (purpose: number) => chance(seed, order.sequence, purpose, order.fills);
  if (faults === undefined) return undefined;
  const answer = draw(purposes.answer);
  const rejects = inBps(answer, faults.rejectBps);
  return {
    rejects,
    timesOut: !rejects && inBps(answer, faults.rejectBps + faults.timeoutBps),
    repeatsFill: inBps(draw(purposes.duplicate), faults.duplicateFillBps),
    fillsLate: inBps(draw(purposes.lateFill), faults.lateFillBps),
  };
};

/** Of the orders that were not answered half have arrived, which the venue tells whoever asks. */
export const hasArrived = ({ sequence }: WorkingOrder, { seed }: VenueTerms): boolean =>
  chance(seed, sequence, purposes.arrival) < 0.5;

/** Whether nothing is heard of the venue in this second of the market's clock. */
export const isDisconnected = (at: Temporal.Instant, { seed, faults }: VenueTerms): boolean =>
  faults !== undefined &&
  inBps(
    chance(seed, Math.floor(at.epochMilliseconds / 1000), purposes.connection),
    faults.disconnectBps,
  );
