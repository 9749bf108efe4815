import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig, riskLimitsOf, settings } from './index.ts';

const messageOf = (environment: Record<string, string>) => {
  const parsed = parseConfig(environment);
  return parsed.ok ? 'taken' : parsed.refusal.message;
};

describe('the configuration', () => {
  test('has a default for everything, and unset, empty and blank are the same', () => {
    const parsed = parseConfig({});
    if (!parsed.ok) throw new Error(parsed.refusal.message);
    expect(parsed.value).toMatchObject({
      PORT: 3000,
      HOST: '127.0.0.1',
      MARKET_DATA_PROVIDER: 'mock',
      SENTINEL_DATA_DIR: '.sentinel',
    });
    expect(parseConfig({ PORT: '', HOST: ' ', PATH: '/bin' })).toEqual(parsed);
    expect(riskLimitsOf(parsed.value)).toMatchObject({
      maxPositionBps: 500,
      maxDailyDrawdownBps: 200,
      maxGrossExposureBps: 8000,
      maxTradeRiskBps: 100,
    });
  });

  test('brings shares to basis points exactly', () => {
    const parsed = parseConfig({ MAX_POSITION_PCT: '0.0701', MAX_TRADE_RISK_PCT: '0.01' });
    if (!parsed.ok) throw new Error(parsed.refusal.message);
    expect(riskLimitsOf(parsed.value)).toMatchObject({ maxPositionBps: 701, maxTradeRiskBps: 100 });
  });

  test.each([
    [{ PORT: '0' }, 'PORT must be at least 1.'],
    [{ PORT: '3e3' }, 'PORT must be a whole number from 1 to 65535.'],
    [{ PORT: '99999' }, 'PORT must be at most 65535.'],
    // D11: what asks nobody for a key is served to this machine alone.
    [{ HOST: '0.0.0.0' }, 'HOST must be a loopback address'],
    [{ HOST: '::' }, 'HOST must be a loopback address'],
    [{ APP_ENV: 'LIVE' }, 'APP_ENV must be development, paper or live.'],
    [{ APP_ENV: 'live' }, 'APP_ENV must be paper'],
    [{ MAX_POSITION_PCT: '5%' }, 'MAX_POSITION_PCT must be a decimal'],
    [{ MAX_POSITION_PCT: '0.00001' }, 'MAX_POSITION_PCT must be a decimal'],
    [{ MARKET_DATA_PROVIDER: 'yahoo' }, 'MARKET_DATA_PROVIDER must be mock, historical or alpaca.'],
    [{ MARKET_DATA_PROVIDER: 'historical' }, 'MARKET_DATA_DIR must name the folder'],
    [
      {
        ...{ MARKET_DATA_PROVIDER: 'historical', MARKET_DATA_DIR: 'bars' },
        EVENTSTORE_URL: 'esdb://localhost',
      },
      'DATABASE_URL must be set when MARKET_DATA_PROVIDER is historical',
    ],
    [{ MARKET_DATA_PROVIDER: 'alpaca' }, 'ALPACA_API_KEY_ID must be set'],
    [{ ALPACA_FEED: 'otc' }, 'ALPACA_FEED must be iex or sip.'],
    [{ ALPACA_DATA_URL: 'http://data.example.com' }, 'ALPACA_DATA_URL must start with https://.'],
    [{ ALPACA_STREAM_URL: 'https://x.example' }, 'ALPACA_STREAM_URL must start with wss://.'],
    [{ HISTORICAL_CALENDAR: 'NASDAQ' }, 'HISTORICAL_CALENDAR must be nyse or every-day.'],
    [{ PAPER_STARTING_CASH: '10000001' }, 'PAPER_STARTING_CASH must be a positive decimal'],
    [{ SENTINEL_DATADIR: 'x' }, 'SENTINEL_DATADIR is not a setting of Sentinel.'],
    [{ EVENTSTORE_URL: 'https://x' }, 'EVENTSTORE_URL must start with esdb:// or kurrentdb://'],
    [{ REDIS_URL: 'https://user:secret@x' }, 'REDIS_URL must start with redis:// or rediss://'],
    [{ EVENTSTORE_STREAM_PREFIX: 'sentinel' }, 'EVENTSTORE_STREAM_PREFIX must be up to 40'],
    [{ SENTINEL_ROLES: 'gateway,walker' }, 'SENTINEL_ROLES must be some of gateway'],
    [{ SENTINEL_ROLES: 'gateway' }, 'SENTINEL_ROLES must be all of them unless EVENTSTORE_URL'],
    [{ CONFORMANCE: 'yes' }, 'CONFORMANCE must be 0 or 1.'],
    [{ CONFORMANCE: '1', HOST: '0.0.0.0' }, 'HOST must be a loopback address'],
    [{ CONFORMANCE: '1', APP_ENV: 'live' }, 'APP_ENV must be paper'],
    [
      { CONFORMANCE: '1', MARKET_DATA_PROVIDER: 'alpaca' },
      'CONFORMANCE must be 0 unless MARKET_DATA_PROVIDER is mock',
    ],
    [
      { CONFORMANCE: '1', MARKET_DATA_PROVIDER: 'historical', MARKET_DATA_DIR: 'x' },
      'CONFORMANCE must be 0 unless MARKET_DATA_PROVIDER is mock',
    ],
    [{ SENTINEL_TOOLSETS: 'risk,crypto' }, 'SENTINEL_TOOLSETS must be all, or some of watchlist,'],
    [{ SENTINEL_TOOLSETS: 'all,risk' }, 'SENTINEL_TOOLSETS must be all, or some of'],
    [{ METRICS_HOST: '0.0.0.0', METRICS_PORT: '9464' }, 'METRICS_TOKEN must be set where'],
    [{ METRICS_TOKEN: 'x'.repeat(32) }, 'METRICS_PORT must be set where'],
    [{ METRICS_TOKEN: 'short', METRICS_PORT: '9464' }, 'METRICS_TOKEN must have 32 characters'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL must be http/json'],
    [{ OTEL_TRACES_SAMPLER: 'xray' }, 'OTEL_TRACES_SAMPLER must be parentbased_always_on or'],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' },
      'OTEL_TRACES_SAMPLER_ARG must be set with',
    ],
    [{ OTEL_TRACES_SAMPLER_ARG: '0.1' }, 'OTEL_TRACES_SAMPLER_ARG must be set with'],
    [{ OTEL_TRACES_SAMPLER_ARG: '1.1' }, 'OTEL_TRACES_SAMPLER_ARG must be a decimal from 0 to 1'],
    [{ OTEL_TRACES_SAMPLER_ARG: '-0.1' }, 'OTEL_TRACES_SAMPLER_ARG must be a decimal from 0 to 1'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT must start'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=b,%zz' }, 'OTEL_EXPORTER_OTLP_HEADERS must be name=value'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'a=%0d%0ab' }, 'OTEL_EXPORTER_OTLP_HEADERS must be name=value'],
    [{ SENTINEL_AUTH_ENABLED: 'yes' }, 'SENTINEL_AUTH_ENABLED must be true or false.'],
  ])('refuses %j in one sentence that names it', (environment, message) => {
    expect(messageOf(environment as Record<string, string>)).toContain(message);
  });

  test('is explained, setting by setting, in .env.example', () => {
    const example = readFileSync(
      join(import.meta.dirname, '..', '..', '..', '.env.example'),
      'utf8',
    );
    const named = [...example.matchAll(/^#?\s?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(settings).sort());
  });
});
