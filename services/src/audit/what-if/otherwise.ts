import type { Digest, EventId } from '@sentinel/contracts/kernel';
import type { MarketSession } from '@sentinel/contracts/market';
import type { LimitsDocument, RiskAssessed } from '@sentinel/contracts/risk';
import {
  type Session,
  type SessionEvent,
  type SessionState,
  sessionDecider,
} from '../../execution/index.ts';
import { pricesSeen } from '../replay/prices-seen.ts';
import type { ReplayStep } from '../replay/replay-session.ts';
import {
  askedHere,
  type Decided,
  type Decisions,
  decidedBy,
  judgedAlone,
  moot,
  notOnRecord,
} from './judged.ts';
import { exchangeIn, type Seen, seenIn } from './market-seen.ts';
import { newOrders } from './new-orders.ts';

type Life = {
  readonly digest: Digest;
  readonly change: (limits: LimitsDocument) => LimitsDocument;
  /** What else the market showed, oldest first: asked of it where a new order needs it. */
  readonly seen: readonly Seen[];
};

export type Otherwise = {
  readonly decisions: Decisions;
  readonly session: Session;
  readonly prices: ReturnType<typeof pricesSeen>;
};

/** What is taken as recorded, and is nobody's order: an order of the record may not stand here at all. */
const isOfHouse = ({ type, data }: SessionEvent): boolean =>
  type === 'OrderAdopted' || (type !== 'SessionClosed' && !('orderId' in data));

const timeOf = ({ data }: SessionEvent): number =>
  'at' in data ? data.at.epochMilliseconds : Number.NEGATIVE_INFINITY;

/** A session as it is lived here, with the orders of which the record says nothing. */
const begun = ({ digest, change, seen }: Life) => {
  const { decide, evolve, initialState } = sessionDecider(digest);
  const decisions = new Map<EventId, Decided>();
  const prices = pricesSeen();
  const fresh = newOrders(digest);
  let state: SessionState = initialState;
  let exchange: MarketSession | undefined;
  let shown = 0;
  const take = (events: readonly SessionEvent[]): void => {
    for (const event of events) state = evolve(state, event);
  };
  const meet = (what: Seen): void => {
    if (what.quote !== undefined) prices.see(what.quote.symbol, what.quote.last, what.at);
    if (state.phase !== 'open' || exchange === undefined) return;
    const reports = fresh.meet(what, state, exchange);
    const decision = decide({ type: 'ReportVenue', reports }, state);
    if (decision.ok) take(decision.value);
  };
  return {
    meet,
    meetUntil: (ms: number): void => {
      for (let next = seen[shown]; next !== undefined; next = seen[++shown]) {
        if (next.at.epochMilliseconds > ms) return;
        meet(next);
      }
    },
    look: (event: SessionEvent): void => {
      prices.take(event);
      exchange = exchangeIn(event) ?? exchange;
    },
    bind: (event: SessionEvent): void => {
      if (event.type === 'SessionOpened')
        take([{ ...event, data: { ...event.data, limits: change(event.data.limits) } }]);
      if (event.type === 'LimitsAdopted')
        take([{ ...event, data: { ...event.data, document: change(event.data.document) } }]);
    },
    judge: (id: EventId, data: RiskAssessed, { command, entries }: ReplayStep): void => {
      if (state.phase !== 'open') return;
      if (command?.type !== 'PlaceOrder' && command?.type !== 'ReplaceOrder') {
        decisions.set(id, judgedAlone(data, state));
        return;
      }
      if (command.type === 'ReplaceOrder' && state.working.get(command.orderId) === undefined) {
        decisions.set(id, moot);
        return;
      }
      const decision = decide(askedHere(command, state), state);
      const decided = decidedBy(decision);
      if (decided !== undefined) decisions.set(id, decided);
      if (!decision.ok) return;
      const recorded = entries.map(({ event }) => event);
      for (const orderId of notOnRecord(decision.value, recorded)) fresh.add(orderId);
      take(decision.value);
    },
    follow: ({ command }: ReplayStep, event: SessionEvent): void => {
      const session = state;
      if (session.phase === 'unopened' || command?.type === 'CloseSession') return;
      if (command === undefined) {
        if (isOfHouse(event)) take([event]);
        return;
      }
      const isOfFresh =
        command.type === 'ReportVenue' &&
        command.reports.some(({ orderId }) => fresh.has(orderId, session));
      const decision = isOfFresh ? undefined : decide(command, session);
      if (decision?.ok === true) take(decision.value);
    },
    ended: (): Otherwise => {
      if (state.phase === 'unopened') throw new Error('a session that was never opened');
      return { decisions, session: state, prices };
    },
  };
};

/**
 * Lives a recorded session under other limits: every command as it was given, at its moment and by its facts,
 * decided by the policy of today on the account as it is here. What the venue said of an order it says again
 * where the order is the same; an order that is new here meets what the market is known to have shown. Halts
 * stand as they were engaged.
 */
export const liveOtherwise = (steps: readonly ReplayStep[], life: Life): Otherwise => {
  const here = begun(life);
  steps.forEach((step, n) => {
    const [entry] = step.entries;
    if (entry === undefined) return;
    const { event, id } = entry;
    here.meetUntil(timeOf(event));
    for (const each of step.entries) here.look(each.event);
    if (event.type === 'SessionOpened' || event.type === 'LimitsAdopted') here.bind(event);
    else if (event.type === 'RiskAssessed') {
      // Of an older policy's decision the order stands in a step of its own.
      const entries = [...step.entries, ...(steps[n + 1]?.entries ?? [])];
      here.judge(id, event.data, { ...step, entries });
    } else here.follow(step, event);
    const what = seenIn(event);
    if (what !== undefined) here.meet(what);
  });
  here.meetUntil(Number.POSITIVE_INFINITY);
  return here.ended();
};
