import { readFileSync } from 'node:fs';
import { type EventId, type Json, type LogPosition, streamName } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store/memory';
import { expect, test } from 'vitest';
import { noon } from '../samples/events.ts';
import { foldTo, houseOn } from '../samples/house.ts';
import { sampleId } from '../samples/ids.ts';
import { strategyIndex } from './strategy-index.ts';

const metadata = {
  ...{ principal: 'local:test', client: 'test', tool: 'test' },
  ...{ correlationId: 'test', causationId: 'test' },
};

type Fields = { readonly [member: string]: Json };

const stored = (type: string): Fields =>
  JSON.parse(
    readFileSync(new URL(`../../../contracts/corpus/${type}.v1.json`, import.meta.url), 'utf8'),
  );

test('every run of a strategy is found, backtests and walks forward, however many, and no other’s', async () => {
  const eventStore = memoryEventStore({ now: () => noon });
  const keep = async (n: number, type: string, data: Fields) => {
    const event = { id: sampleId(n + 1) as EventId, type, schemaVersion: 1, data, metadata };
    await eventStore.appendToStream(streamName('backtest', `${n}`), [event], 'any');
  };
  const result = stored('BacktestRecorded').result as Fields;
  const ran = (n: number, rest: Fields = {}) =>
    keep(n, 'BacktestRecorded', {
      ...stored('BacktestRecorded'),
      result: { ...result, runId: sampleId(500 + n), ...rest },
    });
  const walked = (n: number, strategyId: string, trials: number) =>
    keep(n, 'WalkForwardRecorded', {
      ...stored('WalkForwardRecorded'),
      ...{ runId: sampleId(500 + n), strategyId, trials },
    });
  const count = 230;
  for (let n = 0; n < count; n++) await ran(n);
  const flat = { days: 300, mean: 0, stdev: 0, skewness: 0, kurtosis: 3 };
  await ran(count, { returns: flat, trials: 7 });
  await ran(count + 1, { strategyId: 'another' });
  await walked(count + 2, 'momentum_v1', 12);
  await walked(count + 3, 'another', 99);
  const house = houseOn(eventStore);
  const last = (await eventStore.lastPosition()) as LogPosition;
  await foldTo(house, last);
  const found = await strategyIndex(house.readStore).runsOf('momentum_v1', last);
  expect(found).toHaveLength(count + 2);
  expect(new Set(found.map(({ run }) => run)).size).toBe(count + 2);
  const of = (n: number) => found.find(({ run }) => run === sampleId(500 + n));
  expect(of(3)).toMatchObject({ strategy: 'momentum_v1', trials: 1 });
  expect(of(3)?.sharpe).toBeCloseTo(0.0000022 / 0.0003, 12);
  expect(of(count)).toMatchObject({ trials: 7, sharpe: null });
  expect(of(count + 2)).toMatchObject({ trials: 12, sharpe: null });
});
