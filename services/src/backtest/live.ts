import { meetBar, type Session, type SessionEvent } from '../execution/index.ts';
import type { KeptEvent } from './account-days.ts';
import { barAt } from './market-then.ts';
import { type Counts, type RunAt, type RunState, runState } from './run-state.ts';
import type { BacktestSetup } from './setup.ts';
import { endOfBar, exchangeSession, type Moment } from './timeline.ts';
import { entryOf, exitOf } from './trading.ts';

/** Gets out of what was held for long enough: first its exits are canceled, then all of it is traded. */
const leave = (run: RunState, place: number, moment: Moment): void => {
  const tested = run.tested(place);
  const { since = 0, last, mostBars } = run.standingOf(place);
  if (last - since + 1 < mostBars) return;
  const orders = run.account.session().working.values();
  const exits = orders.filter(({ intent }) => intent.symbol === tested.bars.symbol);
  const at = Temporal.Instant.fromEpochMilliseconds(moment.ms);
  for (const { orderId } of exits)
    run.take({ type: 'CancelOrder', orderId, reason: 'held long enough', at });
  if (exits.length > 0) return;
  const command = exitOf(run.account, tested, {
    ...{ knowing: run.knowingAt(moment), count: run.nextCount() },
  });
  if (command !== undefined) run.take(command);
};

const enter = (
  run: RunState,
  place: number,
  { setup, moment }: { readonly setup: BacktestSetup; readonly moment: Moment },
): void => {
  const { counts } = run;
  const tested = run.tested(place);
  const found = setup.find(tested, run.standingOf(place).last);
  if (found === undefined) return;
  counts.signals += 1;
  const [count, knowing] = [run.nextCount(), run.knowingAt(moment)];
  const command = entryOf(run.account, tested, { found, knowing, count, place });
  if (command === undefined) {
    counts.unsized += 1;
    return;
  }
  run.put(place, { mostBars: found.draft.maxHoldBars });
  const events = run.take(command);
  if (events.length === 0) counts.refused += 1;
  if (events.some(({ type }) => type === 'OrderSubmitted')) counts.entries += 1;
};

/**
 * Lives through bars: at the beginning of each, what the bars before it say is decided, and the orders that
 * work then meet it. Nothing that is decided at a moment has seen the bar that begins with it.
 */
export const liveThrough = (
  setup: BacktestSetup,
  onEvent: (event: SessionEvent) => void = () => undefined,
) => {
  const run = runState(setup, onEvent);
  const { account } = run;
  let exchange: ReturnType<typeof exchangeSession> | undefined;
  const meet = (place: number, bar: number, moment: Moment): void => {
    const tested = run.tested(place);
    if (!run.works(tested.bars.symbol)) return;
    if (exchange?.date !== moment.day.date) exchange = exchangeSession(moment.day, setup.calendar);
    const span = { startMs: moment.ms, endMs: endOfBar(moment, tested), source: setup.source };
    const met = { bar: barAt(tested.bars, bar, span), session: exchange };
    const { reports } = meetBar(met, account.session(), setup.digest);
    if (reports.length > 0) run.take({ type: 'ReportVenue', reports });
  };
  return {
    counts: run.counts as Readonly<Counts>,
    /** The day that a moment begins, and what is decided in it by the bars before. */
    decide: (moment: Moment): void => {
      if (account.at().day?.day !== moment.day.day) {
        run.close();
        run.heard(account.open(moment.day));
      }
      for (const { of } of moment.begins) {
        const { symbol } = run.tested(of).bars;
        if (run.standingOf(of).last < 0) continue;
        if (account.session().positions.has(symbol)) leave(run, of, moment);
        else if (!run.works(symbol)) enter(run, of, { setup, moment });
      }
    },
    /** The bars that begin with the moment. */
    meet: (moment: Moment): void => {
      for (const { of, bar } of moment.begins) {
        meet(of, bar, moment);
        run.put(of, { last: bar });
      }
    },
    close: run.close,
    session: (): Session => account.session(),
    at: run.at,
    resume: (from: RunAt): void => run.resume(from),
    events: (): readonly KeptEvent[] => account.events(),
  };
};
