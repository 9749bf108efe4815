import { beforeAll, type RequestContext, type Sha256 } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { historicalMarketData, mockMarketData } from '@sentinel/infra/market-data';
import { systemClock } from '@sentinel/infra/runtime';
import { withFiles } from '@sentinel/infra/test-kit';
import { marketHandlers } from '@sentinel/services/market';
import { expect, test } from 'vitest';
import { componentsOf, type HealthSources, systemHandlers } from './health.ts';

const context: RequestContext = {
  metadata: {
    ...{ principal: 'local:test', client: 'vitest', tool: 'test' },
    ...{ correlationId: 'c', causationId: 'c' },
  },
  signal: new AbortController().signal,
  progress: () => undefined,
};
const bars = [
  'timestamp,open,high,low,close,volume',
  '2020-03-05 09:30,10,11,9,10.5,100',
  '2020-03-05 09:35,10.5,12,10,11,300',
].join('\n');

test('at the end of a replay market.health and system.health say so, and what needs a market is refused', () =>
  withFiles({ 'ABC.csv': bars }, async (directory) => {
    let ms = 0;
    let sharedProblem: string | undefined;
    const market = await historicalMarketData({
      ...{ directory, speed: 1, monotonicMs: () => ms },
      start: Temporal.Instant.from('2020-03-05T14:30:00Z'),
    });
    const sources = {
      ...{ eventStore: memoryEventStore({ now: market.now }), market },
      ...{ viewsPosition: () => beforeAll, views: () => [], workflows: () => [] },
      projectorProblem: () => undefined,
      lagMs: () => 0,
      sharedState: { where: 'this process', problem: () => sharedProblem },
    };
    const ofMarket = async () =>
      (await componentsOf(sources)).find(({ component }) => component === 'market data');
    expect(await ofMarket()).toMatchObject({ state: 'ready' });
    ms = 3_600_000;
    const said = expect.stringContaining(
      'the replay has ended: its bars end at 2020-03-05T14:40:00Z',
    );
    expect(await ofMarket()).toMatchObject({ state: 'degraded', detail: said });
    const whole = await systemHandlers(sources, 'd' as Sha256).GetHealth({}, context);
    expect(whole).toMatchObject({ ok: true, value: { state: 'degraded' } });
    const ofShared = async () =>
      (await componentsOf(sources)).find(({ component }) => component === 'shared state');
    expect(await ofShared()).toMatchObject({ state: 'ready', detail: 'in this process' });
    sharedProblem = 'Redis at host:1 cannot be reached';
    expect(await ofShared()).toMatchObject({
      state: 'degraded',
      detail: 'Redis at host:1 cannot be reached: nothing that adds risk is taken meanwhile',
    });
    const handlers = marketHandlers({ market });
    expect(await handlers.GetMarketHealth({}, context)).toMatchObject({
      ok: true,
      value: { connected: false, detail: said, session: { state: 'closed', next_opens_at: null } },
    });
    const symbol = { symbol: 'ABC' } as Parameters<typeof handlers.GetQuote>[0];
    expect(await handlers.GetQuote(symbol, context)).toMatchObject({
      ok: false,
      refusal: { code: 'REPLAY_ENDED' },
    });
  }));

test('health is told while the log and the market do not answer, and says so of both', async () => {
  const never = () => new Promise<never>(() => undefined);
  const store = memoryEventStore({ now: systemClock });
  const sources: HealthSources = {
    eventStore: { ...store, lastPosition: never },
    market: { ...mockMarketData({ now: systemClock, seed: 1 }), health: never },
    ...{ viewsPosition: () => beforeAll, views: () => [], workflows: () => [] },
    projectorProblem: () => undefined,
    lagMs: () => 0,
    sharedState: { where: 'this process', problem: () => undefined },
  };
  const told = await systemHandlers(sources, 'd' as Sha256).GetHealth({}, context);
  const late = { state: 'failed', detail: 'no answer in 2000 ms' };
  expect(told).toMatchObject({
    ok: true,
    value: {
      ...{ state: 'failed', log_position: null },
      components: expect.arrayContaining([
        { component: 'event log', ...late },
        { component: 'market data', ...late },
      ]),
    },
  });
  const refused: HealthSources = {
    ...sources,
    eventStore: { ...store, lastPosition: () => Promise.reject(new Error('refused')) },
  };
  expect((await componentsOf(refused))[0]).toMatchObject({ state: 'failed', detail: 'refused' });
});
