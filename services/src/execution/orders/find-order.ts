import type { OrderId, StreamName } from '@sentinel/contracts/kernel';
import type { OrderRecord, SessionState } from '../session/index.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** How many sessions back a repeated key may lead: keys live 24 hours. */
export const sessionsBack = 8;

/** An order where it was decided: in this session, or in one whose keys its books carried over. */
export const findRecord = async (
  sessions: Pick<Sessions, 'load'>,
  newest: SessionState,
  orderId: OrderId,
): Promise<OrderRecord> => {
  let state = newest;
  for (let back = 0; back <= sessionsBack && state.phase !== 'unopened'; back++) {
    const record = state.orders.get(orderId);
    if (record !== undefined) return record;
    if (state.previous === null) break;
    state = (await sessions.load(state.previous as StreamName)).state;
  }
  throw new Error(`order ${orderId} stands in no session of its account`);
};
