import { type Money, money, type TradingDate } from '@sentinel/contracts/kernel';
import type { Entry } from './entries.ts';
import type { SessionRecord } from './session-record.ts';

export type Stamped = { readonly date: TradingDate; readonly equity: Money; readonly entry: Entry };

export type Timeline = {
  readonly stamped: readonly Stamped[];
  /** A change came to an execution that is not among them: it is of a session before them. */
  readonly wantsEarlier: boolean;
};

/** What happened, in order, with executions as the venue left them in the end. */
export const timelineOf = (sessions: readonly SessionRecord[]): Timeline => {
  const timeline: Stamped[] = [];
  let wantsEarlier = false;
  const places = new Map<string, number>();
  let equity = money.zero;
  for (const { date, entries } of sessions)
    for (const entry of entries) {
      if (entry.kind === 'opened') ({ equity } = entry);
      if (entry.kind !== 'changed') {
        if (entry.kind === 'filled' && entry.venueExecutionId !== null)
          places.set(`${entry.orderId} ${entry.venueExecutionId}`, timeline.length);
        timeline.push({ date, equity, entry });
        continue;
      }
      const place = places.get(`${entry.orderId} ${entry.refers}`);
      const before = place === undefined ? undefined : timeline[place];
      if (place === undefined || before?.entry.kind !== 'filled') {
        wantsEarlier = true;
        continue;
      }
      const { quantity: shares, price, fees } = entry;
      const changed = {
        ...before.entry,
        quantity: shares,
        price: price ?? before.entry.price,
        fees: money.add(before.entry.fees, fees),
      };
      timeline[place] = { ...before, entry: changed };
    }
  return { stamped: timeline, wantsEarlier };
};
