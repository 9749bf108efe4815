import { beforeAll, type EventStore, type RecordedEvent } from '@sentinel/contracts/kernel';
import { openEventStoreDb, openPostgresEventStore } from '@sentinel/infra/event-store';
import { postgresReadModels } from '@sentinel/infra/read-store';
import { sha256, systemClock } from '@sentinel/infra/runtime';
import { allProjections, rebuildViews, viewDefinitions } from '@sentinel/projections';
import { replayLog } from '@sentinel/services/audit';
import type { Ledger } from './ledger.ts';
import { ChaosFailure, postmasterOf, type Site, serverOf } from './program.ts';
import { type Told, verifyLog } from './verify-log.ts';
import { verifySessions } from './verify-sessions.ts';
import { verifyViews } from './verify-views.ts';

const pageSize = 5_000;
const viewsWithinMs = 30_000;
const rebuildWithinMs = 120_000;
/** Of a session that is executed again: seconds for a longer one. */
const mostReplayed = 10_000;
const quiet = { info: () => undefined, warn: () => undefined };

/** Looks at the data beside the running program, through connections of its own that only read. */
const beside = async <Found>(
  site: Site,
  look: (stores: {
    readonly readLog: () => Promise<readonly RecordedEvent[]>;
    readonly views: ReturnType<typeof postgresReadModels>;
    readonly eventStore: EventStore;
  }) => Promise<Found>,
): Promise<Found> => {
  const postgres = await postmasterOf(site);
  if (postgres === undefined) throw new ChaosFailure('no database runs under the program');
  const { connectionString } = postgres;
  const server = serverOf(site);
  const eventStore =
    server === undefined
      ? await openPostgresEventStore({
          ...{ connectionString, now: systemClock },
          ...{ log: quiet, mode: 'read' as const },
        })
      : await openEventStoreDb(server);
  const views = postgresReadModels({ connectionString, views: viewDefinitions, log: quiet });
  const readLog = async (): Promise<readonly RecordedEvent[]> => {
    const log: RecordedEvent[] = [];
    for (let full = true; full; ) {
      const after = log.at(-1)?.logPosition ?? beforeAll;
      const page = await eventStore.readAll({ after, maxCount: pageSize });
      log.push(...page);
      full = page.length === pageSize;
    }
    return log;
  };
  try {
    return await look({ readLog, views, eventStore });
  } finally {
    await views.close();
    await eventStore.close();
  }
};

export const toldBy = (ledger: Ledger): Told => ({
  acknowledged: ledger.acknowledged(),
  keys: new Set(Array.from({ length: ledger.sent() }, (_, n) => ledger.call(n).key)),
});

export type Verified = {
  readonly log: readonly RecordedEvent[];
  /** Each a sentence; empty when all is as it must be. */
  readonly violations: readonly string[];
};

/** Holds all that the callers were told against log, sessions and views of the running program. */
export const verify = (site: Site, ledger: Ledger): Promise<Verified> =>
  beside(site, async ({ readLog, views, eventStore }) => {
    const log = await readLog();
    const violations = [
      ...ledger.complaints(),
      ...verifyLog(log, { ...toldBy(ledger), positionsHaveGaps: serverOf(site) !== undefined }),
      ...verifySessions(log),
      ...(await replayLog(eventStore, { digest: sha256, mostEvents: mostReplayed })),
      ...(await verifyViews({
        served: views.projectionStore,
        least: log.at(-1)?.logPosition ?? beforeAll,
        withinMs: viewsWithinMs,
        readLog,
      })),
    ];
    return { log, violations };
  });

/** Builds every view anew in the database itself, beside the program; each must equal what it served. */
export const verifyRebuild = (site: Site): Promise<readonly string[]> =>
  beside(site, async ({ eventStore, views }) => {
    const rebuilt = await rebuildViews({
      eventStore,
      projectionStore: views.projectionStore,
      projections: allProjections,
      by: 'chaos',
      signal: AbortSignal.timeout(rebuildWithinMs),
    });
    return rebuilt
      .filter(({ comparison }) => comparison.result !== 'equal')
      .map(({ table, comparison }) => `the rebuilt view ${table.view} is ${comparison.result}`);
  });
