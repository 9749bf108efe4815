import type { SessionClosed } from '@sentinel/contracts/execution';
import type { TradingDate } from '@sentinel/contracts/kernel';
import type { CalendarSession, CorporateAction, Ticker } from '@sentinel/contracts/market';
import {
  markedSymbols,
  type Session,
  type SessionCommand,
  type SessionEvent,
  type SessionState,
  sessionDecider,
  workingInTurn,
} from '../execution/index.ts';
import type { BacktestSetup } from './setup.ts';

export type KeptEvent = { readonly date: TradingDate; readonly event: SessionEvent };

/** Where an account stands between two commands: nothing in it ever changes. */
export type AccountAt = {
  readonly state: SessionState;
  readonly day: CalendarSession | null;
  readonly kept: number;
};

const account = 'backtest';
const msPerDay = 86_400_000;

type Marks = SessionClosed['marks'];

/** Every split and dividend that is due at an opening, an ex-date without a session among them. */
const actionsBetween = (
  { symbols }: BacktestSetup,
  after: TradingDate,
  upTo: TradingDate,
): readonly CorporateAction[] =>
  symbols
    .flatMap(({ actions }) => actions)
    .filter(({ exDate }) => exDate > after && exDate <= upTo)
    .sort((a, b) => Number(a.exDate > b.exDate) - Number(a.exDate < b.exDate));

/**
 * One account over its trading days, by the decider of the trading session and nothing else: each day opens
 * from the books of the last, and every event is kept.
 */
export const accountDays = (setup: BacktestSetup) => {
  const { decide, evolve, initialState } = sessionDecider(setup.digest);
  let kept: KeptEvent[] = [];
  let state: SessionState = initialState;
  let day: CalendarSession | null = null;
  const session = (): Session => {
    if (state.phase === 'unopened') throw new Error('the account has no session yet');
    return state;
  };
  const take = (command: SessionCommand): readonly SessionEvent[] => {
    const decision = decide(command, state);
    if (!decision.ok) return [];
    for (const event of decision.value) {
      kept.push({ date: (day as CalendarSession).date, event });
      state = evolve(state, event);
    }
    return decision.value;
  };
  const borrowCharges = (opened: Session, before: CalendarSession, today: CalendarSession) => {
    const charges = [...opened.borrowed.keys()].flatMap((symbol) => {
      const mark = opened.openingMarks.get(symbol);
      const borrow = setup.symbols.find(({ bars }) => bars.symbol === symbol)?.borrow;
      return mark === undefined ? [] : [{ symbol, mark, annualFeeBps: borrow?.annualFeeBps ?? 0 }];
    });
    return { charges, nights: Math.round((today.openMs - before.openMs) / msPerDay) };
  };
  return {
    session,
    take,
    /** Closes the day at its end, at the last prices that are known of what is held or works. */
    close: (markOf: (symbol: Ticker) => Marks[number] | undefined): SessionClosed | null => {
      if (day === null || state.phase !== 'open') return null;
      const asked = markedSymbols(state);
      const at = Temporal.Instant.fromEpochMilliseconds(day.closeMs);
      const marks = asked.flatMap((symbol) => markOf(symbol) ?? []);
      take({ type: 'CloseSession', at, marks, asked });
      return session().closing;
    },
    open: (today: CalendarSession): readonly SessionEvent[] => {
      const before = day;
      const last = state.phase === 'unopened' ? null : state;
      const closed = last?.closing ?? null;
      const at = Temporal.Instant.fromEpochMilliseconds(today.openMs);
      const events: SessionEvent[] = [];
      day = today;
      state = initialState;
      const next = (command: SessionCommand) => events.push(...take(command));
      next({
        ...({ type: 'OpenSession', account, date: today.date, at } as const),
        endsAt: Temporal.Instant.fromEpochMilliseconds(today.closeMs),
        previous:
          closed === null || before === null
            ? null
            : { stream: `session-${account}-${before.date}`, closed },
        startingCash: setup.startingCash,
        limits: setup.limits,
        halts: [],
        venue: { ...setup.venue, seed: setup.venue.seed + today.day },
      });
      if (last !== null) next({ type: 'CarryOrders', orders: workingInTurn(last), at });
      if (before !== null) {
        const actions = actionsBetween(setup, before.date, today.date);
        // Of very many orders some are left for another round.
        for (let applied = 1; applied > 0; ) {
          const changed = take({ type: 'ApplyCorporateActions', actions, at });
          events.push(...changed);
          applied = changed.length;
        }
      }
      if (before !== null && session().borrowed.size > 0)
        next({ type: 'ChargeBorrowing', ...borrowCharges(session(), before, today), at });
      next({ type: 'EnableTrading', at });
      return events;
    },
    at: (): AccountAt => ({ state, day, kept: kept.length }),
    /** Goes on from where an account once stood, with the events from there on alone. */
    resume: (from: AccountAt): void => {
      ({ state, day } = from);
      kept = [];
    },
    events: (): readonly KeptEvent[] => kept,
  };
};
