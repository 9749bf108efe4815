import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { exchangeDate } from '@sentinel/contracts/kernel';
import { systemClock } from '@sentinel/infra/runtime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestHouse, type TestHouse } from './test-house.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is not there makes the test fail.
type Answer = { readonly [field: string]: any };

let house: TestHouse;
let client: Client;
beforeAll(async () => {
  house = await startTestHouse();
  client = new Client({ name: 'backtest', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(house.url('/mcp')));
}, 120_000);
afterAll(async () => {
  await client.close();
  await house.stop();
});

const called = async (name: string, args: object = {}, options: object = {}) =>
  (await client.callTool({ name, arguments: { ...args } }, options)) as Answer;
const call = async (name: string, args: object = {}, options: object = {}): Promise<Answer> => {
  const result = await called(name, args, options);
  if (result.isError) throw new Error(result.content[0].text);
  return result.structuredContent;
};
const refusal = async (name: string, args: object): Promise<string> => {
  const result = await called(name, args);
  expect(result.isError).toBe(true);
  return result.content[0].text;
};

const yearsAgo = (years: number): string =>
  exchangeDate(systemClock().subtract({ hours: 24 * 365 * years }));

describe('backtest.run', () => {
  const asked = { strategy: 'momentum_v1', symbols: ['NVDA', 'AAPL'], start: yearsAgo(3) };

  test('answers figures that hang together, and keeps them in the log', async () => {
    const progress: number[] = [];
    const done = await call('backtest_run', asked, {
      onprogress: ({ progress: each }: { readonly progress: number }) => progress.push(each),
    });
    expect(done).toMatchObject({ status: 'done', progress: 1, problem: null });
    expect(done.counts_for_promotion).toBe(true);
    const { backtest } = done;
    expect(backtest.look_ahead).toMatchObject({ result: 'equal', first_difference_at: null });
    expect(backtest.look_ahead.cuts).toBeGreaterThan(10);
    expect(progress.length).toBeGreaterThan(0);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(backtest.trading_days).toBeGreaterThan(250);
    const gained = Number(backtest.final_equity) / Number(backtest.starting_cash) - 1;
    expect(backtest.returns.total).toBeCloseTo(gained, 4);
    const status = await call('backtest_status', { run_id: done.run_id });
    expect(status).toMatchObject({ backtest, kind: 'backtest', walk_forward: null });
    const judged = await call('audit_recent_events', { detail: 'full', type: 'BacktestCompleted' });
    expect(judged.events[0]).toMatchObject({ stream: 'strategy-momentum_v1' });
    const { events } = await call('audit_recent_events', {
      detail: 'full',
      type: 'BacktestRecorded',
    });
    expect(events[0]).toMatchObject({
      ...{ event_id: done.event_id, strategy: 'momentum_v1', stream: `backtest-${done.run_id}` },
    });
  });

  test('comes out the same when it is asked for again, but for its id and its time', async () => {
    const [first, second] = [await call('backtest_run', asked), await call('backtest_run', asked)];
    expect(second.run_id).not.toBe(first.run_id);
    expect(second.evidence_digest).toBe(first.evidence_digest);
    expect(second.backtest).toEqual(first.backtest);
  });

  test('answers others meanwhile, and ends when it is canceled', async () => {
    const running = call('backtest_run', { ...asked, symbols: ['MSFT', 'TSLA', 'AMZN', 'META'] });
    const before = await call('system_health');
    expect(before).toBeDefined();
    await running;
    const unknown = '0189aaaa-0000-7000-8000-000000000000';
    expect(await refusal('backtest_cancel', { run_id: unknown })).toMatch(/^UNKNOWN_RUN/);
    expect(await refusal('backtest_status', { run_id: unknown })).toMatch(/^UNKNOWN_RUN/);
  });

  test.each([
    [{ strategy: 'moonshot_v9', symbols: ['NVDA'] }, /^UNKNOWN_STRATEGY.*moonshot_v9/],
    [{ ...asked, symbols: ['QQQQQQQQ9'] }, /^INVALID_ARGUMENT|^UNKNOWN_SYMBOL/],
    [{ ...asked, symbols: [] }, /^INVALID_ARGUMENT/],
    [{ ...asked, start: '2099-01-01' }, /^NO_DATA/],
    [{ ...asked, start: '2020-02-01', end: '2020-01-01' }, /^INVALID_ARGUMENT.*before the start/],
    [
      { ...asked, parameters: { stopAtr: 3 } },
      /^INVALID_ARGUMENT.*stopAtr is no parameter.*stopAtrs/,
    ],
    [{ ...asked, start: 'yesterday' }, /^INVALID_ARGUMENT/],
  ])('refuses %j', async (args, message) => {
    expect(await refusal('backtest_run', args)).toMatch(message);
  });
});

test('a run of other parameters is recorded, and is no evidence of the strategy', async () => {
  const asked = { strategy: 'momentum_v1', symbols: ['NVDA'], start: yearsAgo(2) };
  const done = await call('backtest_run', { ...asked, parameters: { stopAtrs: 3 } });
  expect(done).toMatchObject({ status: 'done', counts_for_promotion: false });
});

describe('backtest.walk_forward', () => {
  test('chooses parameters in training and tries them on what it has not seen', async () => {
    const done = await call('backtest_walk_forward', {
      ...{ strategy: 'momentum_v1', symbols: ['NVDA'], windows: 2, start: yearsAgo(3) },
      grid: { leastVolumeRatio: [0.8, 1.5], stopAtrs: [2, 3] },
    });
    const { walk_forward: walk } = done;
    expect(done).toMatchObject({ status: 'done', progress: 1 });
    expect(walk.windows).toHaveLength(2);
    expect(walk.trials).toBe(8);
    for (const window of walk.windows) {
      expect(window.train_from < window.test_from && window.test_from < window.test_to).toBe(true);
      expect([0.8, 1.5]).toContain(window.parameters.leastVolumeRatio);
      expect(window.parameters.breakoutBars).toBe(20);
    }
    expect((await call('backtest_status', { run_id: done.run_id })).walk_forward).toEqual(walk);
  });

  test('refuses a grid that is too large or of unknown parameters', async () => {
    const asked = { strategy: 'momentum_v1', symbols: ['NVDA'], start: yearsAgo(3) };
    const many = { stopAtrs: [1, 2, 3, 4, 5, 6, 7, 8], leastRsi: [1, 2, 3, 4, 5, 6, 7, 8] };
    expect(await refusal('backtest_walk_forward', { ...asked, grid: many })).toMatch(/64 comb/);
    expect(await refusal('backtest_walk_forward', { ...asked, grid: { x: [1] } })).toMatch(
      /^INVALID_ARGUMENT.*x is no parameter/,
    );
  });
});

test('what was tried of a type, with whatever parameters, counts as a trial of each of it', async () => {
  const parameters = { breakoutBars: 15 };
  const made = await call('governance_create_strategy', {
    ...{ name: 'Later one', description: 'Buys a breakout of fifteen bars.', parameters },
    type: 'momentum_v1',
  });
  const { strategy } = made;
  const promote = (target_state: string) =>
    call('governance_promote_strategy', { strategy, target_state, notes: 'to be tried out' });
  await promote('research');
  await call('backtest_run', { strategy, symbols: ['NVDA'], start: yearsAgo(2) });
  await promote('backtest');
  const counted = async (type: string): Promise<number> =>
    (await call('audit_recent_events', { type, limit: 50 })).events.length;
  const walks = await counted('WalkForwardRecorded');
  const trials = (await counted('BacktestRecorded')) + walks * 8;
  expect(walks).toBe(1);
  const { criteria } = await call('governance_evaluate_promotion', {
    ...{ strategy, target_state: 'backtest_approved' },
  });
  const deflated = criteria.find(
    ({ criterion }: { readonly criterion: string }) => criterion === 'DEFLATED_SHARPE',
  );
  expect(deflated.unit).toBe(`probability, ${trials} trials`);
});
