import {
  type EventMetadata,
  type NewId,
  type Outcome,
  refused,
  type StreamName,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { type EventStore, type Digest, type Money } from '@sentinel/contracts/kernel';
import { sessionEvents, type VenueTerms } from '@sentinel/contracts/execution';
import { type MarketData, MarketDataUnavailable } from '@sentinel/contracts/market';
import { aggregate, type Executed, type Folded, serially } from '../kernel/index.ts';
import { type Control, limitsInForce } from '../risk/index.ts';
import { markedSymbols, type SessionCommand, type SessionEvent, type SessionRefusal, type SessionState, sessionDecider } from './session/index.ts';

export type SessionOutcome = Outcome<Executed<SessionState, SessionEvent>, SessionRefusal>;

/** The trading sessions of one account: opens today's from the books of the last, and finds it. */
export type Sessions = {
  /** Opens today's session if it is not open, closing an older one first. */
  readonly current: (metadata: EventMetadata) => Promise<Outcome<StreamName, SessionRefusal>>;
  readonly load: (stream: StreamName) => Promise<Folded<SessionState>>;
  /** Decides one command, made from the session's fresh state, and appends what it leads to. */
  readonly execute: (
    stream: StreamName,
    command: (state: SessionState) => SessionCommand | Promise<SessionCommand>,
    metadata: EventMetadata,
  ) => Promise<SessionOutcome>;
  /** Brings every open session in line with the control stream; once it returns, halts hold. */
  readonly align: (metadata: EventMetadata) => Promise<void>;
  /** Streams of the sessions that are open. */
  readonly open: () => Promise<readonly StreamName[]>;
};

export type SessionsOptions = {
  readonly eventStore: EventStore;
  readonly control: Control;
  readonly market: MarketData;
  readonly newId: NewId;
  readonly digest: Digest;
  readonly account: string;
  readonly startingCash: Money;
  /** Terms of the paper venue; the seed is mixed with the date so that no two days are alike. */
  readonly venue: VenueTerms;
};

const millisecondsPerDay = 86_400_000;

const seedOf = (seed: number, date: TradingDate): number =>
  seed + Math.floor(Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds / millisecondsPerDay);

export const tradingSessions = (options: SessionsOptions): Sessions => {
  const { eventStore, control, market, newId, digest, account } = options;
  const decider = sessionDecider(digest);
  const sessions = aggregate({ eventStore, newId, definitions: sessionEvents, decider });
  const inTurn = serially<string>();
  let opened: StreamName | undefined;

  const execute: Sessions['execute'] = (stream, command, metadata) =>
    sessions.execute(stream, async (state) => decider.decide(await command(state), state), metadata);

  const must = (outcome: SessionOutcome): void => {
    if (!outcome.ok) throw new Error(`${outcome.refusal.code}: ${outcome.refusal.message}`);
  };

  const close = async (stream: StreamName, metadata: EventMetadata): Promise<void> => {
    const at = market.now();
    const { state } = await sessions.load(stream);
    if (state.phase === 'open') {
      const marks = await marksOf(market, markedSymbols(state));
      must(await execute(stream, () => ({ type: 'CloseSession', at, marks }), metadata));
    }
    await control.execute({ type: 'DeregisterSession', session: stream, at }, metadata);
  };

  /** Registration comes first: from then on a halt finds the session, open or not. */
  const openFrom = async (stream: StreamName, date: TradingDate, metadata: EventMetadata): Promise<void> => {
    const at = market.now();
    await control.execute({ type: 'RegisterSession', session: stream, at }, metadata);
    const state = await control.load();
    const previous = state.lastClosed === null ? null : (state.lastClosed as StreamName);
    const closed = previous === null ? null : (await sessions.load(previous)).state;
    if (closed !== null && (closed.phase !== 'closed' || closed.closing === null)) {
      throw new Error(`${previous} is deregistered but not closed`);
    }
    const { startingCash } = options;
    const books = previous === null || closed === null || closed.closing === null ? null : { stream: previous, closed: closed.closing };
    must(
      await execute(
        stream,
        () => ({
          type: 'OpenSession',
          account,
          date,
          at,
          previous: books,
          startingCash,
          limits: limitsInForce(state),
          halts: state.halts,
          venue: { ...options.venue, seed: seedOf(options.venue.seed, date) },
        }),
        metadata,
      ),
    );
    await alignOne(stream, metadata);
  };

  const alignOne = async (stream: StreamName, metadata: EventMetadata): Promise<void> => {
    // Both are read afresh: another process may have opened the session or engaged the halt.
    const { state } = await sessions.refresh(stream);
    const { halts, limits } = await control.refresh();
    if (state.phase !== 'open') return;
    const known = new Set(state.halts.map(({ haltId }) => haltId));
    for (const halt of halts.filter(({ haltId }) => !known.has(haltId))) {
      must(await execute(stream, () => ({ type: 'EngageHalt', halt }), metadata));
    }
    const inForce = new Set(halts.map(({ haltId }) => haltId));
    for (const { haltId } of state.halts.filter((halt) => !inForce.has(halt.haltId))) {
      const released = await control.release(haltId);
      must(await execute(stream, () => ({ type: 'ReleaseHalt', haltId, ...released }), metadata));
    }
    if (limits !== null && limits.version > state.limits.version) {
      must(await execute(stream, () => ({ type: 'AdoptLimits', document: limits, at: market.now() }), metadata));
    }
  };

  const openSessions = async (): Promise<readonly StreamName[]> => (await control.refresh()).openSessions as readonly StreamName[];

  const roll = async (metadata: EventMetadata): Promise<Outcome<StreamName, SessionRefusal>> => {
    const { date } = market.session(market.now());
    const stream = streamName('session', `${account}-${date}`);
    const { openSessions: open, lastClosed } = await control.load();
    const newest = [...open, ...(lastClosed === null ? [] : [lastClosed])].sort().at(-1);
    if (newest !== undefined && newest > stream) {
      return refused(
        'CLOCK_BACKWARD',
        `The market's date is ${date}, but ${newest} is recorded already.`,
        'Check the market data provider: its clock went back behind the log.',
      );
    }
    for (const older of open.filter((session) => session !== stream)) await close(older as StreamName, metadata);
    if (newest !== stream || open.includes(stream)) await openFrom(stream, date, metadata);
    opened = stream;
    return { ok: true, value: stream };
  };

  return {
    current: async (metadata) => {
      const { date } = market.session(market.now());
      if (opened?.endsWith(date)) return { ok: true, value: opened };
      return inTurn(account, () => roll(metadata));
    },
    load: sessions.load,
    execute,
    align: async (metadata) => {
      for (const stream of await openSessions()) await alignOne(stream, metadata);
    },
    open: openSessions,
  };
};

/** Prices of what is held, where the market has them. A symbol without one is left out. */
const marksOf = async (market: MarketData, symbols: ReturnType<typeof markedSymbols>) => {
  const quotes = await Promise.all(symbols.map((symbol) => lastQuote(market, symbol)));
  return quotes.flatMap((quote) => (quote === undefined ? [] : [{ symbol: quote.symbol, price: quote.last, at: quote.at }]));
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

