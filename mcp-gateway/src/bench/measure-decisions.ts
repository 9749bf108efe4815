import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { events } from '@sentinel/contracts';
import { decodeEvent, type EventId, money, price, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { AssessedAccount, RiskAssessed } from '@sentinel/contracts/risk';
import { parseConfig, riskLimitsOf } from '@sentinel/infra/config';
import { sha256 } from '@sentinel/infra/runtime';
import { measureBacktest } from '@sentinel/services/backtest';
import { measureVenue } from '@sentinel/services/execution';
import { assess } from '@sentinel/services/risk';
import { atLeast, atMost, say, type Verdict } from './verdict.ts';

const corpus = join(import.meta.dirname, '../../../contracts/corpus');
const rounds = 9;
const perRound = 5_000;
const microsecondsPerMs = 1_000;

const limits = () => {
  const config = parseConfig({});
  if (!config.ok) throw new Error(config.refusal.message);
  return { version: 1, limits: riskLimitsOf(config.value) };
};

/** A recorded order, as it stands in the corpus of stored events. */
const recorded = (): RiskAssessed => {
  const data = JSON.parse(readFileSync(join(corpus, 'RiskAssessed.v1.json'), 'utf8'));
  const stored = { id: 'bench' as EventId, type: 'RiskAssessed', schemaVersion: 1, data };
  const event = decodeEvent(events, stored);
  if (event.type !== 'RiskAssessed') throw new Error('not an assessment');
  return event.data;
};

const held = (symbol: string) => ({
  symbol: symbol as Ticker,
  quantity: quantity.fromShares(10),
  averagePrice: price.of('100'),
  cost: money.of('1000'),
});

/** An account in the middle of its day: five positions, ten working orders. */
const account = (): AssessedAccount => {
  const symbols = ['MSFT', 'AAPL', 'AMZN', 'META', 'TSLA'];
  return {
    cash: money.of('95000'),
    positions: symbols.map(held),
    reservations: [...symbols, ...symbols].map((symbol) => ({
      symbol: symbol as Ticker,
      side: 'buy',
      leavesQuantity: quantity.fromShares(5),
      limitPrice: price.of('95'),
      reservedCash: money.of('475'),
      unresolved: false,
    })),
    halts: [],
    dayStartEquity: money.of('100000'),
    weekStartEquity: money.of('100000'),
    lossStreak: { count: 1, lastLossAt: null },
    messages: { lastSecond: 0, lastMinute: 3, today: 40 },
    sameOrderAt: null,
  };
};

/** Microseconds that one order takes with every check, in the quickest of some rounds. */
export const measureAssessment = (): readonly Verdict[] => {
  const { intent, facts } = recorded();
  const books = account();
  const marks = books.positions.map(({ symbol }) => ({
    symbol,
    price: price.of('101'),
    at: facts.at,
    sector: 'Technology',
  }));
  const correlations = marks.map(({ symbol }) => ({ symbol, correlationBps: 3_000 }));
  const inputs = {
    intent,
    facts: { ...facts, marks, correlations },
    limits: limits(),
    account: books,
  };
  const times = Array.from({ length: rounds }, () => {
    const before = performance.now();
    for (let n = 0; n < perRound; n++) assess(inputs);
    return ((performance.now() - before) * microsecondsPerMs) / perRound;
  });
  const best = Math.min(...times);
  const { checks } = assess(inputs);
  say(`assessment: ${best.toFixed(1)} µs for ${checks.length} checks`);
  return [atMost(50, 'assessment of one order with all checks, in µs', best)];
};

export const measurePaperVenue = (): readonly Verdict[] => {
  const { barsPerSecond, bareBarsPerSecond, events: kept } = measureVenue(limits());
  say(
    `venue: ${barsPerSecond.toFixed(0)} bars/s, ${kept} events kept of 100,000 bars; a bare loop over them ${bareBarsPerSecond.toFixed(0)} bars/s`,
  );
  return [
    atLeast(300_000, 'paper venue on bars, bars a second with all events kept', barsPerSecond),
    atMost(
      200,
      'paper venue on bars, over a bare loop over the same bars',
      bareBarsPerSecond / barsPerSecond,
    ),
  ];
};

/** A million minutes, as the issue has it. */
const minutes = 1_000_000;

export const measureBacktests = (): readonly Verdict[] => {
  const {
    dailySeconds,
    barsPerSecond,
    bareBarsPerSecond,
    events: kept,
    trades,
  } = measureBacktest(limits(), { digest: sha256, minutes });
  say(
    `backtest: ${dailySeconds.toFixed(2)} s for 20 years of days; ${barsPerSecond.toFixed(0)} bars/s over a million minutes, ${kept} events kept of ${trades} trades; a bare sum over them ${bareBarsPerSecond.toFixed(0)} bars/s`,
  );
  return [
    atMost(1, 'backtest of 20 years of daily bars, in s', dailySeconds),
    atLeast(300_000, 'backtest over minutes, bars a second with all events kept', barsPerSecond),
    atMost(300, 'backtest over minutes, over a bare sum', bareBarsPerSecond / barsPerSecond),
  ];
};
