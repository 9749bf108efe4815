import type { MarketData } from '@sentinel/contracts/market';
import { restingOf, type Session } from '../session/index.ts';

/**
 * Up to when no quote has anything to say to orders that all rest, as far as the market tells: a stop or a
 * limit that lies far away costs a question instead of a look at each second of the days that nobody looked.
 */
export const calmUntil = async (
  { now, staysUntil }: MarketData,
  session: Session,
  untilMs: number,
): Promise<number> => {
  const fromMs = now().epochMilliseconds;
  if (staysUntil === undefined || untilMs <= fromMs) return fromMs;
  const resting = [...restingOf(session)];
  const until = Temporal.Instant.fromEpochMilliseconds(untilMs + 1);
  const calm = await Promise.all(
    resting.map(async ([symbol, { over, under, untilMs: endsMs }]) =>
      Math.min(endsMs, (await staysUntil(symbol, { over, under, until })).epochMilliseconds),
    ),
  );
  return Math.min(...calm);
};
