import { timeframeSchema } from '@sentinel/contracts/market';
import { z } from 'zod';
import { whyOpen } from './metrics-door.ts';
import { masterKey, namedKeys } from './named-keys.ts';
import { reachSettings, whyNotReached } from './reach.ts';
import { roles, rolesOf, whyNotApart, whyNotSeen } from './roles.ts';
import {
  address,
  date,
  dollars,
  faults,
  flag,
  headers,
  httpAddress,
  integer,
  share,
  shareAsBps,
  tickers,
  toolsets,
} from './values.ts';

/** Every setting of the program, by the name of its environment variable. Unset or empty is the default. */
export const settings = {
  APP_ENV: z
    .enum(['development', 'paper', 'live'], 'must be development, paper or live')
    .default('paper'),
  CONFORMANCE: z
    .enum(['0', '1'], 'must be 0 or 1')
    .default('0')
    .transform((text) => text === '1'),
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(1, 65_535).default(3000),
  SENTINEL_DATA_DIR: z.string().default('.sentinel'),
  ...reachSettings,
  SENTINEL_ROLES: rolesOf.default(roles),
  SENTINEL_TOOLSETS: toolsets.optional(),
  SENTINEL_AUTH_ENABLED: flag.default(false),
  SENTINEL_MASTER_KEY: masterKey.optional(),
  SENTINEL_API_KEYS_JSON: namedKeys.default([]),
  SENTINEL_API_KEY: z
    .string()
    .regex(/^[!-~]{1,4000}$/, 'must be a key without spaces')
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  EVENTSTORE_URL: z
    .string()
    .regex(
      /^(esdb|kurrentdb)(\+discover)?:\/\//,
      'must start with esdb:// or kurrentdb://, such as esdb://127.0.0.1:2113?tls=false',
    )
    .optional(),
  EVENTSTORE_STREAM_PREFIX: z
    .string()
    .regex(
      /^[a-z][a-z0-9_.]{0,38}\.$/,
      'must be up to 40 of a-z, 0-9, _ and dots, with a dot at its end',
    )
    .default('sentinel.'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'must start with redis:// or rediss://, such as redis://127.0.0.1:6379')
    .optional(),
  MARKET_DATA_PROVIDER: z
    .enum(['mock', 'historical', 'alpaca'], 'must be mock, historical or alpaca')
    .default('mock'),
  MARKET_DATA_DIR: z.string().optional(),
  MARKET_SEED: integer(0, 999_999_999).default(42),
  // At the most about a session a second, so that whoever looks four times a second sees each.
  HISTORICAL_SPEED: integer(1, 25_000).default(60),
  HISTORICAL_START: date.optional(),
  HISTORICAL_CALENDAR: z.enum(['nyse', 'every-day'], 'must be nyse or every-day').default('nyse'),
  ALPACA_API_KEY_ID: z.string().optional(),
  ALPACA_API_SECRET_KEY: z.string().optional(),
  ALPACA_FEED: z.enum(['iex', 'sip'], 'must be iex or sip').default('iex'),
  ALPACA_DATA_URL: address('https', 'http').optional(),
  ALPACA_STREAM_URL: address('wss', 'ws').optional(),
  PAPER_STARTING_CASH: dollars(10_000_000n).default(100_000_000_000n),
  PAPER_FILL_LATENCY_MS: integer(0, 60_000).default(50),
  SLIPPAGE_BPS: integer(0, 1000).default(5),
  PAPER_ACCOUNT_TYPE: z.enum(['margin', 'cash'], 'must be margin or cash').default('margin'),
  PAPER_FILL_ON: z
    .enum(
      ['quotes', ...timeframeSchema.options],
      'must be quotes, 1Min, 5Min, 15Min, 1Hour or 1Day',
    )
    .default('quotes'),
  PAPER_VENUE_FAULTS: faults.optional(),
  METRICS_PORT: integer(1, 65_535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  METRICS_TOKEN: z.string().min(32, 'must have 32 characters at the least').optional(),
  OTEL_SDK_DISABLED: flag.default(false),
  OTEL_SERVICE_NAME: z
    .string()
    .max(100, 'must have 100 characters at the most')
    .default('sentinel'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpAddress.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpAddress.optional(),
  OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: httpAddress.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headers.optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(
      ['parentbased_always_on', 'parentbased_traceidratio'],
      'must be parentbased_always_on or parentbased_traceidratio',
    )
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: share.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: z
    .enum(
      ['http/json'],
      'must be http/json: Sentinel speaks no other, and every collector takes it',
    )
    .default('http/json'),
  RESTRICTED_SYMBOLS: tickers.default([]),
  NOT_SHORTABLE_SYMBOLS: tickers.default([]),
  MAX_POSITION_PCT: shareAsBps(1n).default(500),
  MAX_DAILY_DRAWDOWN_PCT: shareAsBps(1n).default(200),
  MAX_GROSS_EXPOSURE_PCT: shareAsBps(10n).default(8000),
  MAX_CONCURRENT_POSITIONS: integer(0, 10_000).default(10),
  MAX_TRADE_RISK_PCT: shareAsBps(1n).default(100),
  APPROVAL_ABOVE_USD: dollars(10_000_000n, 0n).optional(),
  MAX_ORDERS_PER_SECOND: integer(0, 1_000_000).default(5),
  MAX_ORDERS_PER_MINUTE: integer(0, 10_000_000).default(30),
  MAX_ORDERS_PER_DAY: integer(0, 100_000_000).default(500),
} as const;

/** What cannot be honoured stops the start: a setting that is silently ignored is a lie. */
export const configSchema = z.object(settings).superRefine((config, context) => {
  const refuse = (name: keyof typeof settings, message: string) =>
    context.issues.push({ code: 'custom', input: config[name], path: [name], message });
  const unreached = whyNotReached(config);
  if (unreached !== undefined) refuse(unreached.setting, unreached.message);
  if (!config.SENTINEL_AUTH_ENABLED && config.SENTINEL_API_KEYS_JSON.length > 0)
    refuse(
      'SENTINEL_API_KEYS_JSON',
      'must be left out unless SENTINEL_AUTH_ENABLED is true: without it nobody is asked for a key',
    );
  if (config.APP_ENV === 'live')
    refuse('APP_ENV', 'must be paper: this version trades on paper only');
  if (config.CONFORMANCE && config.MARKET_DATA_PROVIDER !== 'mock')
    refuse(
      'CONFORMANCE',
      'must be 0 unless MARKET_DATA_PROVIDER is mock: what the suites ask for is offered on the simulated market alone',
    );
  for (const name of ['ALPACA_API_KEY_ID', 'ALPACA_API_SECRET_KEY'] as const) {
    if (config.MARKET_DATA_PROVIDER === 'alpaca' && config[name] === undefined)
      refuse(name, 'must be set when MARKET_DATA_PROVIDER is alpaca');
  }
  if (config.MARKET_DATA_PROVIDER === 'historical' && config.MARKET_DATA_DIR === undefined) {
    refuse(
      'MARKET_DATA_DIR',
      'must name the folder of <SYMBOL>.csv files when MARKET_DATA_PROVIDER is historical',
    );
  }
  const open = whyOpen(config);
  if (open !== undefined) refuse(...open);
  const isShare = config.OTEL_TRACES_SAMPLER === 'parentbased_traceidratio';
  if (isShare !== (config.OTEL_TRACES_SAMPLER_ARG !== undefined))
    refuse(
      'OTEL_TRACES_SAMPLER_ARG',
      'must be set with OTEL_TRACES_SAMPLER=parentbased_traceidratio, and with no other',
    );
  const unseen = whyNotSeen(config);
  if (unseen !== undefined) refuse('DATABASE_URL', unseen);
  const apart = whyNotApart(config);
  if (apart !== undefined) refuse('SENTINEL_ROLES', apart);
});

export type Config = z.output<typeof configSchema>;
