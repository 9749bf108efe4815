import { sessionEvents } from '@sentinel/contracts/execution';
import {
  beforeAll,
  decodeEvent,
  type EventStore,
  money,
  type RecordedEvent,
} from '@sentinel/contracts/kernel';
import { openPostgresEventStore } from '@sentinel/infra/event-store';
import { startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { postgresReadModels } from '@sentinel/infra/read-store';
import { sha256, systemClock } from '@sentinel/infra/runtime';
import { allProjections, rebuildViews, viewDefinitions } from '@sentinel/projections';
import { type SessionState, sessionDecider } from '@sentinel/services/execution';
import { fold } from '@sentinel/services/kernel';
import type { SentOrder } from './order-stream.ts';

const silent = { info: () => undefined, warn: () => undefined };
const page = 5_000;

const wholeLog = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for (;;) {
    const more = await store.readAll({
      after: events.at(-1)?.position ?? beforeAll,
      maxCount: page,
    });
    if (more.length === 0) return events;
    events.push(...more);
  }
};

export const holesIn = (events: readonly RecordedEvent[]): readonly string[] => {
  const versions = new Map<string, bigint>();
  return events.flatMap(({ position, stream, version }, index) => {
    const expected = (versions.get(stream) ?? -1n) + 1n;
    versions.set(stream, version);
    return [
      ...(position === BigInt(index + 1)
        ? []
        : [`position ${position} stands at place ${index + 1}`]),
      ...(version === expected ? [] : [`${stream} has version ${version} after ${expected - 1n}`]),
    ];
  });
};

type Submitted = { readonly orderId: string; readonly key: string | null };

const submittedIn = (events: readonly RecordedEvent[]): readonly Submitted[] =>
  events
    .filter(({ type }) => type === 'OrderSubmitted')
    .map((recorded) => decodeEvent(sessionEvents, recorded))
    .flatMap((event) =>
      event.type === 'OrderSubmitted'
        ? [{ orderId: event.data.orderId, key: event.data.idempotencyKey }]
        : [],
    );

export const lostOrDoubled = (
  acknowledged: readonly SentOrder[],
  submitted: readonly Submitted[],
): readonly string[] => {
  const byKey = Map.groupBy(submitted, ({ key }) => key);
  const ids = new Set(submitted.map(({ orderId }) => orderId));
  return [
    ...acknowledged
      .filter(({ orderId }) => orderId === undefined || !ids.has(orderId))
      .map(({ key }) => `${key} was acknowledged and is lost`),
    ...[...byKey]
      .filter(([key, all]) => key !== null && all.length > 1)
      .map(([key]) => `${key} stands there twice`),
  ];
};

/** Each session folds, and its money is in cash, positions and fees. */
const unsound = (
  events: readonly RecordedEvent[],
  startingCash: ReturnType<typeof money.of>,
): readonly string[] => {
  const sessions = Map.groupBy(
    events.filter(({ stream }) => stream.startsWith('session-')),
    ({ stream }) => stream,
  );
  return [...sessions].flatMap(([stream, recorded]) => {
    const state: SessionState = fold(
      sessionDecider(sha256),
      recorded.map((event) => decodeEvent(sessionEvents, event)),
    );
    if (state.phase === 'unopened') return [`${stream} was never opened`];
    const cost = money.add(...[...state.positions.values()].map((position) => position.cost));
    const kept = money.add(state.cash, cost, state.fees, money.negate(state.realizedPnl));
    // Sessions after the first start from other books; the first starts from cash alone.
    return state.previous === null && kept !== startingCash
      ? [`${stream} holds ${money.format(kept)}`]
      : [];
  });
};

export type Verified = {
  readonly events: number;
  readonly submitted: number;
  readonly problems: readonly string[];
};

/** Looks at the data of a stopped program: nothing acknowledged lost, nothing twice, no hole, views as rebuilt. */
export const verify = async (
  dataDir: string,
  acknowledged: readonly SentOrder[],
): Promise<Verified> => {
  const postgres = await startEmbeddedPostgres({ dataDir, log: silent });
  const { connectionString } = postgres;
  const store = await openPostgresEventStore({
    connectionString,
    now: systemClock,
    log: silent,
    mode: 'read',
  });
  const { projectionStore, close } = postgresReadModels({
    connectionString,
    views: viewDefinitions,
    log: silent,
  });
  try {
    const events = await wholeLog(store);
    const submitted = submittedIn(events);
    const rebuilt = await rebuildViews({
      eventStore: store,
      projectionStore,
      projections: allProjections,
      signal: new AbortController().signal,
    });
    const differing = rebuilt.filter(({ comparison }) => comparison.result !== 'equal');
    return {
      events: events.length,
      submitted: submitted.length,
      problems: [
        ...holesIn(events),
        ...lostOrDoubled(acknowledged, submitted),
        ...unsound(events, money.of('10000000')),
        ...differing.map(
          ({ table, comparison }) =>
            `the view ${table.view} is ${comparison.result} from its rebuild`,
        ),
      ],
    };
  } finally {
    await close();
    await store.close();
    await postgres.stop();
  }
};
