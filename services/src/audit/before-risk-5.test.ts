import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sessionEvents } from '@sentinel/contracts/execution';
import {
  decodeEvent,
  type EventStore,
  money,
  type Price,
  price,
  type RecordedEvent,
  type StreamVersion,
  streamName,
} from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { beforeAll, describe, expect, test } from 'vitest';
import { testContext, testDesk, testDigest, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { explainTrade } from './explain.ts';

/**
 * A log that a Sentinel of policy risk-4 wrote over two days: a duplicate, both exits of a bracket that
 * could not be moved, a sale in three losing executions and the streak that they counted as, shares sold
 * short beyond the locate, and a dividend of version 1 on stops that trail. It is never changed.
 */
const written = JSON.parse(
  readFileSync(join(import.meta.dirname, 'before-risk-5.log.json'), 'utf8'),
) as readonly (Omit<RecordedEvent, 'version' | 'logPosition' | 'recordedAt'> & {
  readonly recordedAt: string;
})[];

let eventStore: EventStore;
let log: readonly RecordedEvent[];
beforeAll(async () => {
  eventStore = memoryEventStore({ now: () => tuesdayNoon });
  for (const { id, type, schemaVersion, data, metadata, stream } of written)
    await eventStore.appendToStream(stream, [{ id, type, schemaVersion, data, metadata }], 'any');
  log = await eventStore.readAll();
});
const decisions = () => log.filter((each) => each.type === 'RiskAssessed');

const explain = (id: string) => {
  const found = log.find((each) => each.id === id);
  return explainTrade({
    ...{ eventStore, digest: testDigest, codeDigest: testDigest('code'), source: 'mock' },
    locate: async () => found && { stream: found.stream, version: found.version as StreamVersion },
    locateFinding: async () => undefined,
    locateStory: async () => undefined,
    laterSessions: async () => [],
    tripsBetween: async () => [],
    sayEvent: ({ type }) => type,
    waitFor: async () => true,
    logPosition: () => 0n,
  })({ audit_event_id: id }, testContext);
};

describe('a log from before policy risk-5', () => {
  test('holds what that policy decided otherwise than today', () => {
    const failed = decisions().map((each) => {
      const { data } = decodeEvent(sessionEvents, each);
      if (!('checks' in data)) throw new Error('no decision');
      return data.checks.filter(({ status }) => status === 'FAIL').map(({ code }) => code);
    });
    const none: readonly string[] = [];
    const streak = ['LOSS_COOLDOWN'];
    expect(failed).toEqual([
      ...[none, ['DUPLICATE_ORDER'], none, none, none, ['SHORT_SALE'], ['SHORT_SALE'], none, none],
      ...[streak, streak, streak, none],
    ]);
  });

  test('has each decision explained as equal, with the digests that it was recorded with', async () => {
    for (const { id, data } of decisions()) {
      const answer = await explain(id);
      if (!answer.ok) throw new Error(answer.refusal.code);
      const { re_executed: again } = answer.value;
      expect(again).toMatchObject({ result: 'equal', differences: [], policy_version: 'risk-4' });
      const recorded = data as { readonly inputsDigest: string; readonly resultDigest: string };
      expect(again.recomputed_inputs_digest).toBe(recorded.inputsDigest);
      expect(again.recomputed_result_digest).toBe(recorded.resultDigest);
    }
  });

  test('folds to the books that it has always folded to', async () => {
    const { sessions } = testDesk(eventStore);
    const { state } = await sessions.load(streamName('session', 'paper-2026-03-04'));
    if (state.phase === 'unopened') throw new Error('not open');
    const trailing = [...state.working.values()]
      .filter(({ intent }) => intent.orderType === 'trailing_stop')
      .map(({ intent, stopAt }) => `${intent.symbol} ${price.format(stopAt as Price)}`);
    expect(trailing).toEqual(['TSLA 94.5', 'AMD 104.02']);
    expect(money.format(state.cash)).toBe('100066.732');
    expect(money.format(state.dayStartEquity)).toBe('99970.23');
    expect(state.lossStreak.count).toBe(3);
    expect(state.openingMarks.get('TSLA' as Ticker)).toBe(price.of('99'));
  });
});
