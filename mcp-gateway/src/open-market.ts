import { exchangeZone } from '@sentinel/contracts/kernel';
import { type MarketData, MarketDataUnavailable } from '@sentinel/contracts/market';
import type { Config } from '@sentinel/infra/config';
import { historicalMarketData, mockMarketData } from '@sentinel/infra/market-data';
import { StartupError, systemClock } from '@sentinel/infra/runtime';
import type { BindableMarket } from '@sentinel/services/risk';

/** When a replay begins that is told only its first day: late enough for the opening to be over. */
const startHour = 10;

const startOn = (date: string): Temporal.Instant =>
  Temporal.PlainDate.from(date)
    .toZonedDateTime({ timeZone: exchangeZone, plainTime: { hour: startHour } })
    .toInstant();

/** A market, and what a log that lives on it is bound to. */
export type OpenedMarket = { readonly market: MarketData; readonly binding: BindableMarket };

const openMock = (seed: number): OpenedMarket => {
  const market = mockMarketData({ now: systemClock, seed });
  const { calendar } = market.session(market.now());
  return { market, binding: { provider: 'mock', calendar, seed, bars: null } };
};

/** What a start knows of the market that it opens. */
export type Opening = {
  /** Where an earlier process left off. */
  readonly resumeFrom: Temporal.Instant | undefined;
  /** Ends the start. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
};

/** How often a start that takes long says how far it is. */
const sayEachMs = 2_000;

const openReplay = async (
  config: Config,
  { resumeFrom, signal, say }: Opening,
): Promise<OpenedMarket> => {
  const { MARKET_DATA_DIR: directory, HISTORICAL_SPEED: speed, HISTORICAL_START: start } = config;
  const calendar = config.HISTORICAL_CALENDAR;
  if (directory === undefined)
    throw new Error('the configuration has let a replay without a folder pass');
  let saidMs = performance.now();
  const progress = ({ files, of }: { readonly files: number; readonly of: number }): void => {
    if (files < of && performance.now() - saidMs < sayEachMs) return;
    saidMs = performance.now();
    say(`read ${files} of ${of} files of bars in ${directory}`);
  };
  const market = await historicalMarketData({
    watch: { signal, progress },
    directory,
    speed,
    calendar,
    monotonicMs: () => performance.now(),
    ...(start === undefined ? {} : { start: startOn(start) }),
    ...(config.PAPER_FILL_ON === 'quotes' ? {} : { fillOn: config.PAPER_FILL_ON }),
    ...(resumeFrom === undefined ? {} : { resumeFrom }),
  });
  const binding = { provider: 'historical', calendar, seed: null, bars: market.boundBars } as const;
  return { market, binding };
};

/** The live market; its client is loaded by those alone who ask for it. */
const openAlpaca = async (config: Config): Promise<OpenedMarket> => {
  const { ALPACA_API_KEY_ID: keyId, ALPACA_API_SECRET_KEY: secretKey, ALPACA_FEED: feed } = config;
  if (keyId === undefined || secretKey === undefined)
    throw new Error('the configuration has let Alpaca without keys pass');
  const { alpacaMarketData } = await import('@sentinel/infra/alpaca');
  const market = await alpacaMarketData(
    {
      ...{ keyId, secretKey, feed },
      ...{ dataUrl: config.ALPACA_DATA_URL, streamUrl: config.ALPACA_STREAM_URL },
    },
    { now: systemClock },
  );
  const { calendar } = market.session(market.now());
  return { market, binding: { provider: market.source, calendar, seed: null, bars: null } };
};

/** The market that the configuration asks for, and no other. @throws StartupError */
export const openMarket = async (config: Config, opening: Opening): Promise<OpenedMarket> => {
  try {
    switch (config.MARKET_DATA_PROVIDER) {
      case 'mock':
        return openMock(config.MARKET_SEED);
      case 'historical':
        return await openReplay(config, opening);
      case 'alpaca':
        return await openAlpaca(config);
    }
  } catch (cause) {
    if (!(cause instanceof MarketDataUnavailable)) throw cause;
    throw new StartupError(cause.message, { code: 'market-data-unusable', cause });
  }
};
