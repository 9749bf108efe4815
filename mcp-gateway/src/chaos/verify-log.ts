import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, type RecordedEvent } from '@sentinel/contracts/kernel';
import type { Acknowledged } from './ledger.ts';

type Placed = { readonly key: string; readonly orderId: string; readonly denied: boolean };

/** What every caller was told, and every key that any of them has ever used. */
export type Told = {
  readonly acknowledged: ReadonlyMap<string, Acknowledged>;
  readonly keys: ReadonlySet<string>;
  /** True where the log is on a server, whose positions only grow. */
  readonly positionsHaveGaps?: boolean;
};

/** Positions from 1 and the versions of each stream from 0, without a gap, and no event id twice. */
const holes = (log: readonly RecordedEvent[], { positionsHaveGaps }: Told): readonly string[] => {
  let last = 0n;
  const found: string[] = [];
  const versions = new Map<string, bigint>();
  const ids = new Set<string>();
  for (const [index, { logPosition, stream, version, id }] of log.entries()) {
    const next = (versions.get(stream) ?? -1n) + 1n;
    if (positionsHaveGaps ? logPosition <= last : logPosition !== BigInt(index + 1))
      found.push(`position ${logPosition} stands at ${index + 1}`);
    if (version !== next) found.push(`${stream} has version ${version} where ${next} belongs`);
    if (ids.has(id)) found.push(`event ${id} stands twice`);
    last = logPosition;
    versions.set(stream, version);
    ids.add(id);
  }
  return found;
};

const ordersOf = (log: readonly RecordedEvent[]): readonly Placed[] =>
  log.flatMap((recorded) => {
    if (recorded.type !== 'OrderSubmitted' && recorded.type !== 'OrderDenied') return [];
    const event = decodeEvent(sessionEvents, recorded);
    if (event.type !== 'OrderSubmitted' && event.type !== 'OrderDenied') return [];
    const { idempotencyKey: key, orderId } = event.data;
    return key === null ? [] : [{ key, orderId, denied: event.type === 'OrderDenied' }];
  });

/** Each acknowledged order once, as it was acknowledged; nothing twice; nothing that nobody sent. */
export const verifyOrders = (log: readonly RecordedEvent[], told: Told): readonly string[] => {
  const found: string[] = [];
  const byKey = new Map<string, Placed>();
  const orderIds = new Set<string>();
  for (const order of ordersOf(log)) {
    if (byKey.has(order.key)) found.push(`the key ${order.key} stands twice`);
    if (orderIds.has(order.orderId)) found.push(`the order ${order.orderId} stands twice`);
    if (!told.keys.has(order.key)) found.push(`nobody sent the key ${order.key}`);
    byKey.set(order.key, order);
    orderIds.add(order.orderId);
  }
  for (const [key, { orderId, denied }] of told.acknowledged) {
    const order = byKey.get(key);
    if (order === undefined) found.push(`${key} was acknowledged as ${orderId} and is lost`);
    else if (order.orderId !== orderId || order.denied !== denied)
      found.push(`${key} was acknowledged as ${orderId} and the log has ${order.orderId}`);
  }
  return found;
};

/** The same of a log whose positions count its events, which has no gap either. */
export const verifyLog = (log: readonly RecordedEvent[], told: Told): readonly string[] => [
  ...holes(log, told),
  ...verifyOrders(log, told),
];
