import type { OutputOf } from '@sentinel/contracts';
import type { RecordedEvent } from '@sentinel/contracts/kernel';
import type { Seen } from './period.ts';

type Gaps = OutputOf<'AssessSelf'>['gaps'];

/** Versions of streams that are passed over between two that were read. */
const versionsMissing = (recorded: readonly RecordedEvent[]): number => {
  const last = new Map<string, bigint>();
  let missing = 0n;
  for (const { stream, version } of recorded) {
    const before = last.get(stream);
    if (before !== undefined && version > before + 1n) missing += version - before - 1n;
    last.set(stream, version);
  }
  return Number(missing);
};

const ordersOf = (seen: readonly Seen[]) => {
  const approved = new Set<string>();
  const unknown = new Set<string>();
  for (const { event } of seen)
    switch (event.type) {
      case 'RiskAssessed':
        if (event.data.purpose === 'order' && event.data.outcome === 'APPROVED')
          approved.add(event.data.decisionId);
        break;
      case 'OrderSubmitted':
      case 'OrderPendingReplace':
        approved.delete(event.data.decisionId);
        break;
      case 'OrderOutcomeUnknown':
        unknown.add(event.data.orderId);
        break;
      case 'OrderAccepted':
      case 'OrderRejected':
      case 'OrderFilled':
      case 'OrderCanceled':
      case 'OrderExpired':
        unknown.delete(event.data.orderId);
        break;
      default:
    }
  return { approved, unknown };
};

/** Sessions that were open still when the account's next one began. */
const neverClosed = (seen: readonly Seen[]): number => {
  const open = new Map<string, string>();
  let left = 0;
  for (const { event } of seen) {
    if (event.type === 'SessionRegistered') {
      const { account, session } = event.data;
      if ((open.get(account) ?? session) !== session) left++;
      open.set(account, session);
    }
    if (event.type === 'SessionDeregistered' && open.get(event.data.account) === event.data.session)
      open.delete(event.data.account);
  }
  return left;
};

/** What ought not to be, and nothing in the log explains. */
export const gapsOf = (seen: readonly Seen[], recorded: readonly RecordedEvent[]): Gaps => {
  const { approved, unknown } = ordersOf(seen);
  return {
    versions_missing: versionsMissing(recorded),
    approved_without_order: approved.size,
    orders_of_unknown_outcome: unknown.size,
    sessions_never_closed: neverClosed(seen),
  };
};
