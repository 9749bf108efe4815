import type { Met, VenueReport } from '@sentinel/contracts/execution';
import type { OrderId } from '@sentinel/contracts/kernel';
import type { PaperReport } from './report.ts';

const execTypes = {
  accepted: 'new',
  stop_moved: 'restated',
  replaced: 'replaced',
  expired: 'expired',
  rejected: 'rejected',
  replace_rejected: 'replace_rejected',
  canceled: 'canceled',
  unknown: 'unknown',
  triggered: 'triggered',
} as const;

/** The paper venue names orders and executions by our id of the order, so that a replay gives the same. */
export const paperOrderId = (orderId: OrderId): string => `paper-${orderId}`;

/** What the paper venue says of an order, in the words of the port. */
export const reportsOf = (
  orderId: OrderId,
  reports: readonly PaperReport[],
  met?: Met,
): readonly VenueReport[] =>
  reports.map((report): VenueReport => {
    const about = {
      orderId,
      venueOrderId: paperOrderId(orderId),
      at: report.at,
      ...(met && { met }),
    };
    switch (report.type) {
      case 'fill':
        return {
          ...about,
          execType: 'trade',
          venueExecutionId: `${paperOrderId(orderId)}-${report.execution}`,
          quantity: report.quantity,
          price: report.price,
        };
      case 'accepted':
      case 'replaced':
      case 'expired':
        return { ...about, execType: execTypes[report.type] };
      case 'triggered':
      case 'stop_moved':
        return { ...about, execType: execTypes[report.type], stopAt: report.stopAt };
      default:
        return { ...about, execType: execTypes[report.type], reason: report.reason };
    }
  });
