import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  EventStoreCorrupt,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import { pagesAround } from '../../kernel/index.ts';
import type { OrderRecord, SessionState } from '../session/index.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { sessionsBack } from './find-order.ts';

type Stores = {
  readonly eventStore: Pick<EventStore, 'readStream'>;
  readonly sessions: Pick<Sessions, 'load'>;
};

/**
 * The assessment behind an order of an earlier call, so that a repeated call is told what was measured
 * then. It stands in this session or in one whose keys its books carried over.
 */
export const earlierAssessment = async (
  { eventStore, sessions }: Stores,
  newest: SessionState,
  { orderId, decisionId }: Pick<OrderRecord, 'orderId' | 'decisionId'>,
): Promise<RiskAssessed> => {
  let state = newest;
  for (let back = 0; back <= sessionsBack && state.phase !== 'unopened'; back++) {
    if (state.orders.has(orderId)) {
      const stream = streamName('session', `${state.account}-${state.date}`);
      for await (const page of pagesAround(eventStore, stream, decisionId))
        for (const recorded of page) {
          if (recorded.type !== 'RiskAssessed') continue;
          const event = decodeEvent(sessionEvents, recorded);
          if (event.type === 'RiskAssessed' && event.data.decisionId === decisionId)
            return event.data;
        }
    }
    if (state.previous === null) break;
    ({ state } = await sessions.load(state.previous as StreamName));
  }
  throw new EventStoreCorrupt(`no session holds the decision ${decisionId} on order ${orderId}`);
};
