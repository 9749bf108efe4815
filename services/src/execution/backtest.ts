import type { EventMetadata } from '@sentinel/contracts/kernel';
import type { MarketData, MarketSession } from '@sentinel/contracts/market';
import type { Desk } from './desk.ts';

export type BacktestOptions = {
  readonly desk: Pick<Desk, 'sessions' | 'routing'>;
  readonly market: MarketData;
  /** Moves the market's clock on by so many minutes of its own time. */
  readonly pass: (minutes: number) => void;
  /** How often working orders are taken to the market. */
  readonly lookEveryMinutes: number;
  /** Called once in each session, at the first look that comes this many minutes after its opening. */
  readonly decideAfterMinutes: number;
  readonly decide: (at: Temporal.Instant) => Promise<void>;
  /** Looks after which it ends at the latest. */
  readonly mostLooks: number;
  readonly metadata: () => EventMetadata;
};

const minuteMs = 60_000;
const minutesBetween = (from: Temporal.Instant, to: Temporal.Instant): number =>
  (to.epochMilliseconds - from.epochMilliseconds) / minuteMs;

/** To the next look, but no further than to the moment of deciding and to the close. */
const stepFrom = (
  at: Temporal.Instant,
  { opensAt, closesAt }: MarketSession,
  { lookEveryMinutes, decideAfterMinutes }: BacktestOptions,
): number => {
  const stops = [
    lookEveryMinutes,
    opensAt === null ? 0 : decideAfterMinutes - minutesBetween(opensAt, at),
    closesAt === null ? 0 : minutesBetween(at, closesAt),
  ];
  return Math.min(...stops.filter((minutes) => minutes > 0));
};

/**
 * Lives through market time as fast as it can be reckoned: the desk that trades on paper, on a clock
 * that its caller moves. Ends when the market's data does. Answers the sessions in which was decided.
 */
export const backtest = async (options: BacktestOptions): Promise<number> => {
  const { desk, market, pass, decide, metadata } = options;
  const decided = new Set<string>();
  let last: bigint | undefined;
  for (let look = 0; look < options.mostLooks; look++) {
    const at = market.now();
    // The market's clock stands still where its data ends.
    if (at.epochNanoseconds === last) break;
    last = at.epochNanoseconds;
    if ((await desk.sessions.open()).length > 0) {
      const current = await desk.sessions.current(metadata());
      if (!current.ok) throw new Error(`${current.refusal.code}: ${current.refusal.message}`);
    }
    for (const { stream } of await desk.sessions.open()) await desk.routing.step(stream);
    const session = market.session(at);
    const { state, date, opensAt } = session;
    const isTime = opensAt === null || minutesBetween(opensAt, at) >= options.decideAfterMinutes;
    if (state === 'open' && isTime && !decided.has(date)) {
      decided.add(date);
      await decide(at);
    }
    pass(stepFrom(at, session, options));
  }
  return decided.size;
};
