import { sessionEvents } from '@sentinel/contracts/execution';
import {
  type EventId,
  encodeEvent,
  type LogPosition,
  type RecordedEvent,
  type StreamName,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { memoryReadModels } from '@sentinel/infra/read-store';
import {
  allProjections,
  laterSessions,
  locateDecision,
  locateStory,
  projector,
  viewDefinitions,
} from '@sentinel/projections';
import { tradesBetween } from '@sentinel/projections/portfolio';
import { vi } from 'vitest';
import type { SessionEvent } from '../execution/index.ts';
import {
  testContext,
  testDigest,
  testMetadata,
  tuesdayNoon,
} from '../execution/test-kit/test-desk.ts';
import { explainTrade } from './explain.ts';

const dates = ['2026-02-27', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'];
const streamOf = (day: number) => `session-paper-${dates[day]}` as StreamName;

/** The events of some days as one account's sessions, each on the books of the one before. */
const logOf = async (days: readonly (readonly SessionEvent[])[]) => {
  const eventStore = memoryEventStore({ now: () => tuesdayNoon });
  let n = 0;
  for (const [day, events] of days.entries())
    for (const event of events) {
      const chained =
        event.type === 'SessionOpened' && day > 0
          ? { ...event, data: { ...event.data, previous: streamOf(day - 1) } }
          : event;
      const { type, schemaVersion, data } = encodeEvent(sessionEvents, chained);
      const id = `01890000-0000-7000-9000-${(++n).toString(16).padStart(12, '0')}` as EventId;
      const stored = { id, type, schemaVersion, data, metadata: testMetadata };
      await eventStore.appendToStream(streamOf(day), [stored], 'any');
    }
  return eventStore;
};

/** Days as they would stand in a log with all its views, and what is said of each id in them. */
export const storiesOf = async (days: readonly (readonly SessionEvent[])[]) => {
  const eventStore = await logOf(days);
  const { readStore, projectionStore } = memoryReadModels({ views: viewDefinitions });
  const alarms: string[] = [];
  const views = projector({
    ...{ eventStore, projectionStore, projections: allProjections, cachedRows: 1_000 },
    alarm: ({ view, problem }) => alarms.push(`${view}: ${problem}`),
  });
  const stop = new AbortController();
  const running = views.run(stop.signal);
  const last = await eventStore.lastPosition();
  await vi.waitUntil(
    () =>
      alarms.length > 0 ||
      (views.status().length > 0 &&
        views.status().every(({ logPosition }) => logPosition === last)),
    { interval: 1, timeout: 10_000 },
  );
  stop.abort();
  await running;
  if (alarms.length > 0) throw new Error(alarms.join('; '));
  const explain = explainTrade({
    ...{ eventStore, digest: testDigest, codeDigest: testDigest('code'), source: 'mock' },
    locate: (id) => locateDecision(readStore, id),
    locateFinding: async () => undefined,
    locateStory: (id) => locateStory(readStore, id),
    laterSessions: (...of) => laterSessions(readStore, ...of),
    tripsBetween: (between) => tradesBetween(readStore, between),
    sayEvent: ({ type }) => type,
    waitFor: (position: LogPosition) => readStore.waitFor(position, 1_000),
    logPosition: readStore.logPosition,
  });
  const log: readonly RecordedEvent[] = await eventStore.readAll();
  return {
    log,
    explain: async (id: string, detail: 'note' | 'full' = 'note') => {
      const answer = await explain({ audit_event_id: id, detail }, testContext);
      if (!answer.ok) throw new Error(answer.refusal.message);
      return answer.value;
    },
  };
};
