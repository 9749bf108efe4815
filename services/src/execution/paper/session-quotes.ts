import type { VenueReport, WorkingOrder } from '@sentinel/contracts/execution';
import { type Digest, isBefore } from '@sentinel/contracts/kernel';
import type { BarVolume, MarketData, Ticker } from '@sentinel/contracts/market';
import { sessionHours } from '../../market/index.ts';
import { meetQuotes, mostReports, type Session, workingInTurn } from '../session/index.ts';
import { arrivalsAfter, msFrom } from './arrivals.ts';
import { calmUntil } from './calm-until.ts';

const secondMs = 1_000;
/** Moments whose quotes are asked for at once, from the first on twice as many each time. */
const mostAtOnce = 512;

const instant = (ms: number) => Temporal.Instant.fromEpochMilliseconds(ms);

/** Whole seconds and arrivals after `fromMs` up to `untilMs`, the first `most` of them. */
const momentsAfter = (
  fromMs: number,
  untilMs: number,
  {
    arriving,
    calmMs,
    most,
  }: {
    readonly arriving: readonly number[];
    /** Until then no whole second has anything to say. */
    readonly calmMs: number;
    readonly most: number;
  },
): readonly number[] => {
  const moments: number[] = [];
  let second = (Math.floor(Math.max(fromMs, calmMs - 1) / secondMs) + 1) * secondMs;
  let next = arriving.findIndex((ms) => ms > fromMs);
  while (moments.length < most) {
    const arrival = next === -1 ? undefined : arriving[next];
    const isArrival = arrival !== undefined && arrival <= second;
    const ms = isArrival ? arrival : second;
    if (ms > untilMs) break;
    moments.push(ms);
    if (ms === second) second += secondMs;
    if (isArrival) next += 1;
  }
  return moments;
};

/** The market at its clock's moment. An answer that cannot be had now is thrown, not left out. */
const momentOf = async (frozen: MarketData, symbols: readonly Ticker[]) => {
  const at = frozen.now();
  const quotes = await Promise.all(symbols.map((symbol) => frozen.quote(symbol)));
  return {
    frozen,
    at,
    exchange: frozen.session(at),
    quotes: new Map(quotes.flatMap((each) => (each === undefined ? [] : [[each.symbol, each]]))),
  };
};

type Volumes = Map<Ticker, BarVolume>;

type Way = {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly symbols: readonly Ticker[];
};

/** Bars around the moment; those that are known and go on until after it are not asked for again. */
const follow = async (
  volumes: Volumes,
  { frozen, at, quotes }: Awaited<ReturnType<typeof momentOf>>,
): Promise<void> => {
  const { volumeAround } = frozen;
  if (volumeAround === undefined) return;
  for (const symbol of quotes.keys()) {
    const known = volumes.get(symbol);
    if (known !== undefined && isBefore(at, known.end)) continue;
    const around = await volumeAround(symbol);
    if (around !== undefined) volumes.set(symbol, around);
  }
};

/**
 * Takes a session's orders to quotes. The market is looked at every second of its own and whenever
 * something arrives, as it was then: so a stop that was touched between two looks of ours has been
 * touched, and how often anybody looks changes no fill. A market that cannot stand still is looked at
 * as it is now.
 */
export const quoteWalk = (market: MarketData, digest: Digest) => {
  /** Up to when an order as it stands has met the market and heard nothing: losing it loses time. */
  const walked = new WeakMap<WorkingOrder, number>();

  const walkedBy = (order: WorkingOrder): number =>
    walked.get(order) ?? order.submittedAt.epochMilliseconds - 1;

  const fromOf = ({ quotesMet }: Session, order: WorkingOrder): number =>
    Math.max(
      walkedBy(order),
      quotesMet.get(order.intent.symbol)?.epochMilliseconds ?? Number.NEGATIVE_INFINITY,
    );

  const walkedUntil = ({ working }: Session, ms: number): void => {
    for (const order of working.values()) walked.set(order, Math.max(ms, walkedBy(order)));
  };

  /** From when on the market has something to say to the first of the orders. */
  const firstOf = (session: Session): number =>
    Math.min(
      ...session.working
        .values()
        .filter(({ status }) => status !== 'unknown')
        .map((order) => fromOf(session, order)),
    );

  /**
   * Goes from moment to moment and says what came of them, on the session as it is with what was said:
   * as much as one command takes, so that a burst of orders needs no append for each of its moments.
   */
  const walk = async (session: Session, { fromMs, untilMs, symbols }: Way) => {
    const said: VenueReport[] = [];
    const volumes: Volumes = new Map();
    let [now, last, arriving] = [session, fromMs, arrivalsAfter(fromMs, session)];
    for (let most = 1; ; most = Math.min(mostAtOnce, most * 2)) {
      const calmMs = await calmUntil(market.freeze(instant(last)), now, untilMs);
      const moments = momentsAfter(last, untilMs, { arriving, calmMs, most });
      const looks = moments.map((ms) => momentOf(market.freeze(instant(ms)), symbols));
      for (const moment of await Promise.all(looks)) {
        await follow(volumes, moment);
        const ms = moment.at.epochMilliseconds;
        const hears = (order: WorkingOrder) => fromOf(now, order) < ms;
        const met = meetQuotes({ ...moment, volumes }, now, { digest, hears });
        // A moment is told whole: whoever it has something for hears it there, however few looks there are.
        if (said.length > 0 && said.length + met.reports.length > mostReports) {
          walkedUntil(now, ms - 1);
          return said;
        }
        said.push(...met.reports);
        now = met.session;
        last = ms;
        if (met.reports.length === 0) continue;
        // What arrives because of it may come before the next moment that was looked for.
        arriving = arrivalsAfter(last, now);
        break;
      }
      if (moments.length === 0) {
        walkedUntil(now, Math.max(last, untilMs));
        return said;
      }
    }
  };

  return async (session: Session, now: Temporal.Instant): Promise<readonly VenueReport[]> => {
    const orders = workingInTurn(session).filter(({ status }) => status !== 'unknown');
    if (orders.length === 0) return [];
    const symbols = [...new Set(orders.map(({ intent }) => intent.symbol))];
    const { endsAt } = session;
    const lastMs = endsAt === null ? now.epochMilliseconds : msFrom(endsAt) - 1;
    const untilMs = Math.min(now.epochMilliseconds, lastMs);
    const opensMs = sessionHours(market, session.date)?.opensAt.epochMilliseconds ?? 0;
    const volumes: Volumes = new Map();
    if (!market.freeze(instant(untilMs)).now().equals(instant(untilMs))) {
      const moment = await momentOf(market, symbols);
      if (moment.exchange.date !== session.date) return [];
      await follow(volumes, moment);
      return meetQuotes({ ...moment, volumes }, session, { digest, hears: () => true }).reports;
    }
    return walk(session, { fromMs: Math.max(opensMs - 1, firstOf(session)), untilMs, symbols });
  };
};
