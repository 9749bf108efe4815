import { beforeAll as beforeLog, type Json, type RecordedEvent } from '@sentinel/contracts/kernel';
import { memoryReadModels } from '@sentinel/infra/read-store';
import { allProjections, rebuildViews, viewDefinitions } from '@sentinel/projections';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Campaign } from './campaign.ts';
import { type ChaosReport, runChaos } from './run.ts';
import { verifyLog } from './verify-log.ts';
import { verifySessions } from './verify-sessions.ts';
import { verifyViews } from './verify-views.ts';

const patienceMs = 180_000;
let report: ChaosReport;
let played: Campaign;

beforeAll(async () => {
  const signal = new AbortController().signal;
  report = await runChaos({ kills: 4, seed: 11, tell: () => undefined, signal });
  played = report.campaigns.at(-1) as Campaign;
}, patienceMs);

/** The log with the data of its last event of this type changed, as a tampering hand might. */
const tampered = (type: string, change: (data: { [field: string]: Json }) => Json) => {
  const at = played.log.findLastIndex((event) => event.type === type);
  const event = played.log[at] as RecordedEvent;
  const data = change({ ...(event.data as { [field: string]: Json }) });
  return played.log.with(at, { ...event, data });
};

test('what is killed under orders comes back, loses nothing and does nothing twice', () => {
  expect(report.violations).toEqual([]);
  expect(Object.fromEntries(report.counts)).toEqual({
    'first start': 1,
    'start-up': 0,
    node: 1,
    postmaster: 1,
    both: 1,
  });
  expect(played.told.acknowledged.size).toBe(played.told.keys.size);
  expect(played.told.acknowledged.size).toBeGreaterThan(20);
});

describe('on what the run has left, the verification', () => {
  test('is silent', () => {
    expect(verifyLog(played.log, played.told)).toEqual([]);
    expect(verifySessions(played.log)).toEqual([]);
  });

  test('sees an order under another order’s key', () => {
    const [key] = [...played.told.acknowledged.keys()];
    const log = tampered('OrderSubmitted', (data) => ({ ...data, idempotencyKey: key as string }));
    expect(verifyLog(log, played.told)).toEqual(
      expect.arrayContaining([`the key ${key} stands twice`]),
    );
  });

  test('sees the end of the log torn off', () => {
    const cut = played.log.findLastIndex(({ type }) => type === 'OrderSubmitted');
    const log = played.log.slice(0, cut);
    expect(verifyLog(log, played.told).join()).toMatch(/is lost/);
    expect(verifySessions(log).join()).toMatch(/has no order/);
  });

  test('sees money that came from nowhere', () => {
    const log = tampered('OrderFilled', (data) => ({ ...data, cash: '10000000.01' }));
    expect(verifySessions(log).join()).toMatch(/does not conserve money/);
  });

  test('sees a view that the log does not give', async () => {
    const { projectionStore } = memoryReadModels({ views: viewDefinitions });
    const last = played.log.at(-1) as RecordedEvent;
    const serve = async (log: readonly RecordedEvent[]) => {
      const eventStore = {
        lastPosition: async () => last.logPosition,
        readAll: async ({ after = beforeLog, maxCount = 1_000 } = {}) =>
          log.slice(Number(after), Number(after) + maxCount),
      };
      const signal = AbortSignal.timeout(patienceMs);
      await rebuildViews({ eventStore, projectionStore, projections: allProjections, signal });
      const least = last.logPosition;
      const readLog = async () => played.log;
      return verifyViews({ served: projectionStore, least, withinMs: 1_000, readLog });
    };
    expect(await serve(played.log)).toEqual([]);
    const wrong = await serve(tampered('OrderFilled', (data) => ({ ...data, fees: '99' })));
    expect(wrong.join()).toMatch(/the view orders is not what the log gives/);
  });
});
