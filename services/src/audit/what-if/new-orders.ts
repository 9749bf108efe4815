import type { VenueReport, WorkingOrder } from '@sentinel/contracts/execution';
import type { Digest, OrderId } from '@sentinel/contracts/kernel';
import type { MarketSession } from '@sentinel/contracts/market';
import { meetBar, meetQuotes, type Session } from '../../execution/index.ts';
import { versionedMap } from '../../kernel/index.ts';
import type { Seen } from './market-seen.ts';

/**
 * Orders that the record has not, or has with other terms, with the exits that they set out: of these the
 * venue has said nothing, and is asked now.
 */
export const newOrders = (digest: Digest) => {
  const ids = new Set<OrderId>();
  const isNew = ({ orderId, link }: Pick<WorkingOrder, 'orderId' | 'link'>): boolean =>
    ids.has(orderId) || (link !== undefined && ids.has(link.parentId));
  return {
    add: (orderId: OrderId): void => void ids.add(orderId),
    has: (orderId: OrderId | null, session: Session): boolean => {
      if (orderId === null) return false;
      const record = session.orders.get(orderId);
      return ids.has(orderId) || (record !== undefined && isNew(record));
    },
    /** What the paper venue says of them at what the market showed. */
    meet: (seen: Seen, session: Session, exchange: MarketSession): readonly VenueReport[] => {
      if (ids.size === 0) return [];
      const { at, quote, bar } = seen;
      if (bar !== undefined) {
        const theirs = session.working.entries().filter(([, order]) => isNew(order));
        const alone = { ...session, working: versionedMap(theirs) };
        return meetBar({ bar, session: exchange }, alone, digest).reports;
      }
      const moment = {
        ...{ at, exchange },
        quotes: new Map([[quote.symbol, quote]]),
        volumes: new Map(),
      };
      const hears = (order: WorkingOrder) => isNew(order) && order.intent.symbol === quote.symbol;
      return meetQuotes(moment, session, { digest, hears }).reports;
    },
  };
};
