import { type AnyEvent, events } from '@sentinel/contracts';
import {
  type EventId,
  type EventStore,
  encodeEvent,
  type LogPosition,
  type Money,
  money,
  type NewEvent,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store/memory';
import fc from 'fast-check';
import {
  assessed,
  denied,
  filled,
  halted,
  happened,
  intentOf,
  minutesLater,
  noon,
  opened,
  reasoned,
  sampleDate,
  submitted,
  ticker,
} from './events.ts';
import { sampleId } from './ids.ts';

export type Placed = { readonly stream: StreamName; readonly event: AnyEvent };

export const sessionStream = streamName('session', `paper-${sampleDate}`);
export const controlStream = streamName('control');

const metadata = {
  principal: 'local:test',
  client: 'test',
  tool: 'test',
  correlationId: 'test',
  causationId: 'test',
};

/** Where the ids of events begin, away from those of orders. */
const firstEventId = 0x100_000;

export const encoded = (event: AnyEvent, n: number): NewEvent => ({
  id: sampleId(firstEventId + n) as EventId,
  ...encodeEvent(events, event),
  metadata,
});

/** A log in memory that holds these events. */
export const logOf = async (placed: readonly Placed[]): Promise<EventStore> => {
  const store = memoryEventStore({ now: () => noon });
  await append(store, placed, 0);
  return store;
};

/** Appends events one by one; `from` counts those that the log holds already. */
export const append = async (
  store: EventStore,
  placed: readonly Placed[],
  from: number,
): Promise<LogPosition> => {
  for (const [index, { stream, event }] of placed.entries())
    await store.appendToStream(stream, [encoded(event, from + index)], 'any');
  return store.lastPosition();
};

type Order = {
  readonly n: number;
  readonly shares: number;
  traded: number;
  state: 'submitted' | 'working' | 'canceling' | 'ended';
};

const symbols = ['NVDA', 'MSFT', 'AAPL'];

/** A valid story: what happens next depends on what happened, chosen by the numbers given. */
export const storyOf = (choices: readonly number[]): readonly Placed[] => {
  const story: Placed[] = [{ stream: sessionStream, event: opened() }];
  const orders: Order[] = [];
  let cash: Money = money.of('100000');
  const say = (event: AnyEvent, stream = sessionStream) => story.push({ stream, event });
  for (const [step, choice] of choices.entries()) {
    const at = minutesLater(step);
    const symbol = symbols[choice % symbols.length] ?? 'NVDA';
    const order = orders[choice % Math.max(1, orders.length)];
    const intent = intentOf(
      symbols[(order?.n ?? 0) % symbols.length] ?? 'NVDA',
      order?.shares ?? 1,
    );
    switch (choice % 10) {
      case 0:
        say(
          {
            type: 'SymbolAdded',
            data: {
              symbol: ticker(`S${choice % 7}`),
              groups: choice % 2 ? ['tech'] : [],
              notes: null,
              at,
            },
          },
          streamName('watchlist', 'main'),
        );
        break;
      case 1:
        say(
          halted(step, choice % 3 === 0 ? 'global' : 'symbol', choice % 3 === 0 ? null : symbol),
          controlStream,
        );
        break;
      case 2:
        say(denied(0x10_000 + step, intentOf(symbol, 1), at));
        break;
      case 3:
      case 4: {
        const n = orders.length + 1;
        const fresh = intentOf(symbols[n % symbols.length] ?? 'NVDA', 10);
        say(assessed(n, fresh, at));
        say(submitted(n, fresh, at));
        orders.push({ n, shares: 10, traded: 0, state: 'submitted' });
        break;
      }
      default: {
        if (order === undefined || order.state === 'ended') break;
        if (order.state === 'submitted') {
          say(happened('OrderAccepted', order.n, at));
          order.state = 'working';
        } else if (choice % 10 < 8) {
          const shares = Math.min(3, order.shares - order.traded);
          cash = money.subtract(cash, money.of('300'));
          say(filled(order.n, intent, { shares, before: order.traded, cash, at }));
          order.traded += shares;
          if (order.traded === order.shares) order.state = 'ended';
        } else if (order.state === 'working') {
          say(reasoned('OrderPendingCancel', order.n, at));
          order.state = 'canceling';
        } else {
          say(reasoned('OrderCanceled', order.n, at));
          order.state = 'ended';
        }
      }
    }
  }
  return story;
};

export const stories = fc.array(fc.nat(999), { minLength: 1, maxLength: 120 }).map(storyOf);
