import type { VenueTerms } from '@sentinel/contracts/execution';
import {
  type EventMetadata,
  isBefore,
  type Money,
  type StreamName,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import { actionsDue, lastPrices, type SessionHours, sessionHours } from '../../market/index.ts';
import { borrowingOf } from '../../portfolio/index.ts';
import {
  accountOf,
  type Control,
  haltsOf,
  limitsInForce,
  type SessionName,
} from '../../risk/index.ts';
import {
  markedSymbols,
  type SessionCommand,
  type SessionState,
  workingInTurn,
} from '../session/index.ts';
import type { Halting } from './halting.ts';
import type { SessionStore } from './session-store.ts';

export type SessionBooksOptions = {
  readonly store: SessionStore;
  readonly control: Control;
  readonly halting: Halting;
  readonly market: MarketData;
  readonly account: string;
  /** Cash of the account's first session. */
  readonly startingCash: Money;
  /** Terms of the paper venue; the seed is mixed with the date so that no two days are alike. */
  readonly venue: VenueTerms;
};

/** Appends that a closing or an opening may take: each ends or brings in some hundreds of orders. */
const mostRounds = 1_000;
const millisecondsPerDay = 86_400_000;

const seedOf = (seed: number, date: TradingDate): number =>
  seed +
  Math.floor(
    Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds / millisecondsPerDay,
  );

export const sessionOf = (account: string, date: TradingDate): SessionName => ({
  stream: streamName('session', `${account}-${date}`),
  account,
  date,
});

/** Opens and closes the books of one account. Every step may be repeated after a crash. */
export const sessionBooks = (options: SessionBooksOptions) => {
  const { store, control, halting, market, account, startingCash } = options;

  /** The closing that the next session continues, with its orders; null before the account's first. */
  const lastClosing = async () => {
    const { lastClosed } = accountOf(await control.load(), account);
    if (lastClosed === null) return null;
    const { stream } = lastClosed;
    const { state } = await store.refresh(stream);
    if (state.phase !== 'closed' || state.closing === null)
      throw new Error(`${stream} is struck off but not closed`);
    return { stream, closed: state.closing, orders: workingInTurn(state) };
  };

  /** For what may be more than one append holds: gives a command until nothing is left of it. */
  const insistAll = async (
    stream: StreamName,
    command: Extract<SessionCommand, { type: 'CarryOrders' | 'ApplyCorporateActions' }>,
    metadata: EventMetadata,
  ): Promise<SessionState> => {
    for (let round = 0; ; round++) {
      const { state, events } = await store.insist(stream, command, metadata);
      if (events.length === 0) return state;
      if (round === mostRounds) throw new Error(`${stream}: ${command.type} never ends`);
    }
  };

  /** When a session that opens by itself does: at its opening, or earlier for an order of the night. */
  const openingOf = (hours: SessionHours, isFirst: boolean): Temporal.Instant => {
    const now = market.now();
    const isDuring = isFirst && isBefore(now, hours.endsAt);
    return isDuring || isBefore(now, hours.opensAt) ? now : hours.opensAt;
  };

  const hoursOf = ({ date, stream }: SessionName): SessionHours => {
    const hours = sessionHours(market, date);
    if (hours !== undefined) return hours;
    throw new Error(`the market's calendar has no session of ${date}, but ${stream} is open`);
  };

  /** The session's end, or that of the replay, whichever comes first. */
  const endOf = (session: SessionName): Temporal.Instant => {
    const { endsAt } = hoursOf(session);
    return market.endsAt !== undefined && isBefore(market.endsAt, endsAt) ? market.endsAt : endsAt;
  };

  return {
    /**
     * Closes a session that has ended, at its end and at the last prices until then, whenever that is
     * found out: what the next one opens at is no part of it.
     */
    close: async (session: SessionName, metadata: EventMetadata): Promise<void> => {
      const { stream } = session;
      const at = endOf(session);
      const then = market.freeze(at);
      for (let round = 0; round < mostRounds; round++) {
        const { state } = await store.load(stream);
        if (state.phase !== 'open') break;
        const asked = markedSymbols(state);
        const marks = [...(await lastPrices(then, asked)).values()];
        const command = { type: 'CloseSession', at, marks, asked } as const;
        const outcome = await store.execute(stream, command, metadata);
        if (!outcome.ok && outcome.refusal.code !== 'FACTS_LACKING')
          throw new Error(`${stream}: ${outcome.refusal.code}: ${outcome.refusal.message}`);
      }
      await control.execute({ type: 'DeregisterSession', session, at }, metadata);
    },

    /**
     * Registration comes first: from then on a halt finds the session, open or not. Then the books are
     * brought in, with what a night has done to them, each once: splits and dividends of the date, and
     * the price of borrowed shares. Trading begins last of all, once every halt stands in the session.
     */
    open: async (session: SessionName, metadata: EventMetadata): Promise<void> => {
      const { stream, date } = session;
      const hours = hoursOf(session);
      const previous = await lastClosing();
      const at = openingOf(hours, previous === null);
      await control.execute({ type: 'RegisterSession', session, at }, metadata);
      const state = await control.load();
      const opening = {
        ...({ type: 'OpenSession', account, date, at, previous, startingCash } as const),
        endsAt: hours.endsAt,
        limits: limitsInForce(state, account),
        halts: haltsOf(state, account),
        venue: { ...options.venue, seed: seedOf(options.venue.seed, date) },
      };
      await store.insist(stream, opening, metadata);
      const carrying = { type: 'CarryOrders', orders: previous?.orders ?? [], at } as const;
      await insistAll(stream, carrying, metadata);
      const after = previous?.closed.date ?? null;
      const actions = await actionsDue(market, { after, upTo: date });
      const applying = { type: 'ApplyCorporateActions', actions, at } as const;
      const applied = await insistAll(stream, applying, metadata);
      if (applied.phase !== 'unopened') {
        const { nights, charges } = await borrowingOf(market, applied);
        const charging = { type: 'ChargeBorrowing', charges, nights, at } as const;
        await store.insist(stream, charging, metadata);
      }
      await halting.align(session, metadata);
      await store.insist(stream, { type: 'EnableTrading', at }, metadata);
    },
  };
};
