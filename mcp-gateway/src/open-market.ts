import { exchangeZone } from '@sentinel/contracts/kernel';
import { type MarketData, MarketDataUnavailable } from '@sentinel/contracts/market';
import type { Config } from '@sentinel/infra/config';
import { historicalMarketData, mockMarketData } from '@sentinel/infra/market-data';
import { StartupError, systemClock } from '@sentinel/infra/runtime';

/** When a replay begins that is told only its first day: late enough for the opening to be over. */
const startHour = 10;

const startOn = (date: string): Temporal.Instant =>
  Temporal.PlainDate.from(date)
    .toZonedDateTime({ timeZone: exchangeZone, plainTime: { hour: startHour } })
    .toInstant();

/** The market that the configuration asks for, and no other. @throws StartupError */
export const openMarket = async (
  config: Config,
  resumeFrom: Temporal.Instant | undefined,
): Promise<MarketData> => {
  if (config.MARKET_DATA_PROVIDER !== 'historical')
    return mockMarketData({ now: systemClock, seed: config.MARKET_SEED });
  const { MARKET_DATA_DIR: directory, HISTORICAL_SPEED: speed, HISTORICAL_START: start } = config;
  if (directory === undefined)
    throw new Error('the configuration has let a replay without a folder pass');
  try {
    const market = await historicalMarketData({
      directory,
      speed,
      calendar: config.HISTORICAL_CALENDAR,
      monotonicMs: () => performance.now(),
      ...(start === undefined ? {} : { start: startOn(start) }),
      ...(config.PAPER_FILL_ON === 'quotes' ? {} : { fillOn: config.PAPER_FILL_ON }),
      ...(resumeFrom === undefined ? {} : { resumeFrom }),
    });
    if (resumeFrom !== undefined && Temporal.Instant.compare(market.now(), resumeFrom) < 0) {
      throw new StartupError(
        `The log in this data folder has come to ${resumeFrom}, but the bars in ${directory} end before it: use another SENTINEL_DATA_DIR for this replay.`,
        { code: 'market-data-unusable' },
      );
    }
    return market;
  } catch (cause) {
    if (!(cause instanceof MarketDataUnavailable)) throw cause;
    throw new StartupError(cause.message, { code: 'market-data-unusable', cause });
  }
};
