import type { VenueTerms } from '@sentinel/contracts/execution';
import type { EventMetadata, Money, StreamName, TradingDate } from '@sentinel/contracts/kernel';
import { type MarketData, MarketDataUnavailable } from '@sentinel/contracts/market';
import { type Control, type ControlState, limitsInForce } from '../risk/index.ts';
import { markedSymbols, type Session } from './session/index.ts';
import type { SessionStore } from './session-store.ts';

export type SessionBooksOptions = {
  readonly store: SessionStore;
  readonly control: Control;
  readonly market: MarketData;
  readonly account: string;
  /** Cash of the account's first session. */
  readonly startingCash: Money;
  /** Terms of the paper venue; the seed is mixed with the date so that no two days are alike. */
  readonly venue: VenueTerms;
};

/** Appends that a closing may take: each ends some hundreds of orders. */
const closingRounds = 1_000;
const millisecondsPerDay = 86_400_000;

const seedOf = (seed: number, date: TradingDate): number =>
  seed +
  Math.floor(
    Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds / millisecondsPerDay,
  );

/** Opens and closes the books of one account. Every step may be repeated after a crash. */
export const sessionBooks = (options: SessionBooksOptions) => {
  const { store, control, market, account, startingCash } = options;

  /** The closing that the next session continues; null before the account's first. */
  const lastClosing = async ({ lastClosed }: ControlState) => {
    if (lastClosed === null) return null;
    const { state } = await store.load(lastClosed as StreamName);
    if (state.phase !== 'closed' || state.closing === null)
      throw new Error(`${lastClosed} is struck off but not closed`);
    return { stream: lastClosed, closed: state.closing };
  };

  return {
    close: async (stream: StreamName, metadata: EventMetadata): Promise<void> => {
      const at = market.now();
      for (let round = 0; round < closingRounds; round++) {
        const { state } = await store.load(stream);
        if (state.phase !== 'open') break;
        const marks = await marksOf(market, markedSymbols(state));
        await store.insist(stream, { type: 'CloseSession', at, marks }, metadata);
      }
      await control.execute({ type: 'DeregisterSession', session: stream, at }, metadata);
    },

    /**
     * What a night has done to an open session, each once: splits and dividends of its date, and the
     * price of borrowed shares. Nothing may trade before it.
     */
    settle: async (stream: StreamName, metadata: EventMetadata): Promise<void> => {
      const { state } = await store.load(stream);
      if (state.phase !== 'open') return;
      const at = market.now();
      const actions = (await market.corporateActions?.(state.date)) ?? [];
      await store.insist(stream, { type: 'ApplyCorporateActions', actions, at }, metadata);
      const { nights, charges } = await borrowingOf(market, state);
      await store.insist(stream, { type: 'ChargeBorrowing', charges, nights, at }, metadata);
    },

    /** Registration comes first: from then on a halt finds the session, open or not. */
    open: async (stream: StreamName, date: TradingDate, metadata: EventMetadata): Promise<void> => {
      const at = market.now();
      await control.execute({ type: 'RegisterSession', session: stream, at }, metadata);
      const state = await control.load();
      const venue = { ...options.venue, seed: seedOf(options.venue.seed, date) };
      const { halts } = state;
      const previous = await lastClosing(state);
      const limits = limitsInForce(state);
      await store.insist(
        stream,
        { type: 'OpenSession', account, date, at, previous, startingCash, limits, halts, venue },
        metadata,
      );
    },
  };
};

/** What is owed for the shares that an account has sold short, at the mark of its opening books. */
const borrowingOf = async (market: MarketData, session: Session) => {
  const from = session.previousDate;
  const nights =
    from === null
      ? 0
      : Temporal.PlainDate.from(from).until(session.date, { largestUnit: 'day' }).days;
  const short = [...session.positions.values()].filter((position) => position.quantity < 0n);
  const charges = await Promise.all(
    short.map(async ({ symbol, averagePrice }) => {
      const instrument = await market.instrument(symbol);
      const mark = session.openingMarks.get(symbol) ?? averagePrice;
      return { symbol, mark, annualFeeBps: instrument?.borrow?.annualFeeBps ?? unknownBorrowBps };
    }),
  );
  return { nights, charges };
};

/** What borrowing costs a year when its price is no longer told: hard to borrow, to be safe. */
const unknownBorrowBps = 2_500;

/** Prices of what is held, where the market has them. A symbol without one is left out. */
const marksOf = async (market: MarketData, symbols: ReturnType<typeof markedSymbols>) => {
  const quotes = await Promise.all(symbols.map((symbol) => lastQuote(market, symbol)));
  return quotes.flatMap((quote) =>
    quote === undefined ? [] : [{ symbol: quote.symbol, price: quote.last, at: quote.at }],
  );
};

const lastQuote = async (market: MarketData, symbol: ReturnType<typeof markedSymbols>[number]) => {
  try {
    return await market.quote(symbol);
  } catch (error) {
    // The books close without this mark, valued at cost, as their schema says.
    if (error instanceof MarketDataUnavailable) return undefined;
    throw error;
  }
};
