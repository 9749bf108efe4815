import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  quantity,
  type RecordedEvent,
  type StreamVersion,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { sha256 } from '@sentinel/infra/runtime';
import { beforeAll, describe, expect, test } from 'vitest';
import { stillMarket } from '../execution/test-kit/still-market.ts';
import { testContext, testDesk } from '../execution/test-kit/test-desk.ts';
import { currentPolicy } from '../risk/index.ts';
import { explainTrade } from './explain.ts';

/**
 * A log that a Sentinel of policy risk-3 wrote: a buy, a halt and the denial that it caused, new terms,
 * a sale, a preview, and a scan with its classification. It is never changed.
 */
const written = JSON.parse(
  readFileSync(join(import.meta.dirname, 'before-risk-4.log.json'), 'utf8'),
) as readonly (Omit<RecordedEvent, 'version' | 'logPosition' | 'recordedAt'> & {
  readonly recordedAt: string;
})[];
const later = Temporal.Instant.from('2026-03-03T17:10:00Z');

let eventStore: EventStore;
let log: readonly RecordedEvent[];
beforeAll(async () => {
  eventStore = memoryEventStore({ now: () => later });
  for (const { id, type, schemaVersion, data, metadata, stream } of written)
    await eventStore.appendToStream(stream, [{ id, type, schemaVersion, data, metadata }], 'any');
  log = await eventStore.readAll();
});

const explain = (id: string) => {
  const placeOf = (wanted: readonly string[]) => {
    const found = log.find((each) => each.id === id && wanted.includes(each.type));
    return found && { stream: found.stream, version: found.version as StreamVersion };
  };
  return explainTrade({
    ...{ eventStore, digest: sha256, codeDigest: sha256('code'), source: 'mock' },
    locate: async () => placeOf(['RiskAssessed']),
    locateFinding: async () => placeOf(['RegimeClassified', 'ScanCompleted']),
    locateStory: async () => undefined,
    laterSessions: async () => [],
    tripsBetween: async () => [],
    sayEvent: ({ type }) => type,
    waitFor: async () => true,
    logPosition: () => 0n,
  })({ audit_event_id: id }, testContext);
};
const ofType = (type: string) => log.filter((each) => each.type === type);

describe('a log from before policy risk-4', () => {
  test('holds decisions of every outcome by the policy of then, and a halt of version 1', () => {
    const assessed = ofType('RiskAssessed').map((each) => decodeEvent(sessionEvents, each));
    expect(
      assessed.map(({ data }) => [
        'policyVersion' in data && data.policyVersion,
        'denialCode' in data && data.denialCode,
        'reducing' in data && data.reducing,
      ]),
    ).toEqual([
      ['risk-3', null, false],
      ['risk-3', 'KILL_STATE', false],
      ['risk-3', null, false],
      ['risk-3', null, false],
      ['risk-3', null, true],
      ['risk-3', 'MAX_ORDER_VALUE', false],
    ]);
    expect(ofType('HaltEngaged').map(({ schemaVersion }) => schemaVersion)).toEqual([1, 1]);
  });

  test('has each decision explained as equal, with the digest that it was recorded with', async () => {
    for (const { id, data } of ofType('RiskAssessed')) {
      const answer = await explain(id);
      if (!answer.ok) throw new Error(answer.refusal.code);
      const { re_executed: again } = answer.value;
      expect(again).toMatchObject({ result: 'equal', differences: [], policy_version: 'risk-3' });
      const recorded = data as { readonly inputsDigest: string; readonly resultDigest: string };
      expect(again.recomputed_inputs_digest).toBe(recorded.inputsDigest);
      expect(again.recomputed_result_digest).toBe(recorded.resultDigest);
    }
  });

  test('has its classification explained as equal, and its scan as not to be made again', async () => {
    for (const [type, result] of [
      ['RegimeClassified', 'equal'],
      ['ScanCompleted', 'not_re_executable'],
    ] as const) {
      const [recorded] = ofType(type);
      const answer = await explain(recorded?.id ?? '');
      expect(answer.ok && answer.value.re_executed.result).toBe(result);
    }
  });

  test('opens, and trades on by the policy of today', async () => {
    const desk = testDesk(eventStore, { still: stillMarket(later), ids: '019a', replayed: false });
    await desk.open(desk.limits);
    const order = (symbol: string) =>
      desk.order({ symbol: symbol as Ticker, qty: quantity.fromShares(1) });
    expect(await order('AMD')).toMatchObject({ ok: true });
    expect(await order('MSFT')).toMatchObject({ ok: false, refusal: { code: 'KILL_STATE' } });
    const after = (await eventStore.readAll()).slice(log.length);
    const assessed = after.filter(({ type }) => type === 'RiskAssessed');
    expect(assessed.map(({ data }) => (data as { policyVersion?: string }).policyVersion)).toEqual([
      currentPolicy.version,
      currentPolicy.version,
    ]);
  });
});
