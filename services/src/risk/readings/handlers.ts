import type { Handlers } from '@sentinel/contracts';
import { accepted, type EventMetadata, type Money, type Outcome } from '@sentinel/contracts/kernel';
import { type MarketData, tradingMode } from '@sentinel/contracts/market';
import { drawdownFigures } from './drawdown.ts';
import { exposureFigures } from './exposure.ts';
import { limitFigures } from './limits.ts';
import { type ReadAccount, type ValuedReading, valuedReading } from './reading.ts';

export type ReadingOptions = {
  readonly market: MarketData;
  readonly read: ReadAccount;
  /** The highest equity at which a session of the account has closed; null before the first. */
  readonly peakEquity: (account: string) => Promise<Money | null>;
};

/** Where the account stands against its limits, by its session and the market's last prices. */
export const readingHandlers = ({
  market,
  read,
  peakEquity,
}: ReadingOptions): Handlers<'GetExposure' | 'GetDrawdown' | 'GetLimits'> => {
  const { source } = market;

  const answer = async <Figures extends object>(
    metadata: EventMetadata,
    figures: (reading: ValuedReading) => Figures | Promise<Figures>,
  ): Promise<Outcome<Figures & ReturnType<typeof about>>> => {
    const found = await read(metadata);
    if (!found.ok) return found;
    const reading = await valuedReading(found.value, market);
    return accepted({ ...about(reading), ...(await figures(reading)) });
  };

  const about = ({ name, date, limits, logPosition }: ValuedReading) => ({
    mode: tradingMode(source),
    account: name,
    session_date: date,
    limits_version: limits.version,
    source,
    log_position: `${logPosition}`,
  });

  return {
    GetExposure: (_, { metadata }) => answer(metadata, exposureFigures),
    GetDrawdown: (_, { metadata }) =>
      answer(metadata, async (reading) => drawdownFigures(reading, await peakEquity(reading.name))),
    GetLimits: (_, { metadata }) => answer(metadata, limitFigures),
  };
};
