import type { ViewStatus } from '@sentinel/projections';
import { expect, test } from 'vitest';
import { hastyTimer } from './test-timer.ts';
import { viewsLive } from './views-live.ts';

const view = (state: ViewStatus['state']): ViewStatus => ({
  ...{ view: 'orders', version: 1, logPosition: 0n as ViewStatus['logPosition'] },
  ...{ state, problem: null },
});

/** A start that hears of the views what `at` says of the time. */
const start = async (at: (nowMs: number) => { state: ViewStatus['state']; stalled?: string }) => {
  const timer = hastyTimer();
  const said: string[] = [];
  const now = () => at(timer.nowMs());
  const folding = {
    ...{ problem: () => undefined, outage: () => undefined, lagMs: () => 0 },
    status: () => [view(now().state)],
    stalled: () => now().stalled,
  };
  const { signal } = new AbortController();
  const log = { warn: (line: string) => void said.push(line) };
  const failed = await viewsLive(folding, { timer, log, signal }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { failed, said, tookMs: timer.nowMs() };
};

const stalled = 'no process has folded the views for 15 seconds';

test('a start where nobody folds the views says so, and ends within a bound', async () => {
  const { failed, said, tookMs } = await start(() => ({ state: 'starting', stalled }));
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/waiting for the views: no process .* role projector \(SENTINEL_ROLES\)/);
  expect(failed).toMatch(/The views do not come on \(no process .*\): .* EVENTSTORE_URL/);
  expect(tookMs).toBeLessThan(120_000);
});

test('a start waits for a projector that comes late, and for one that is replaced', async () => {
  const late = await start((ms) => {
    if (ms >= 540_000) return { state: 'live' };
    return ms < 50_000 || ms > 500_000 ? { state: 'starting', stalled } : { state: 'catching_up' };
  });
  expect(late).toMatchObject({ failed: undefined, tookMs: 540_000 });
  expect(late.said).toHaveLength(2);
});
