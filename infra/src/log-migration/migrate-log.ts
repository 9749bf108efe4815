import {
  type LogPosition,
  type RecordedEvent,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import { type CommonPrefix, commonPrefix, requireSame } from './common-prefix.ts';
import { copyPage } from './copy-page.ts';
import { type LogEnd, MigrationRefused, pagesOf } from './log-end.ts';
import { readThrough, type Seen, seenFromFirst, type WholeLog } from './read-through.ts';

export type MigrationStep = 'comparing' | 'copying' | 'reading the target';

export type MigrationProgress = {
  readonly step: MigrationStep;
  readonly events: number;
  /** As many as the source holds, reckoned from its positions until it has been read to its end. */
  readonly of: number;
};

export type Migration = {
  readonly source: LogEnd;
  readonly target: LogEnd;
  /** Ends the work between two pages; the next call goes on from there. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: MigrationProgress) => void;
};

export type Migrated = {
  readonly events: number;
  /** How many of them stood there already. */
  readonly found: number;
  /** Over both logs, each read from its first event to its last. */
  readonly digest: string;
};

/**
 * Brings every event of the source into the target: id, metadata, time and order as they are, positions
 * as the target gives them. Each page is read back and compared event by event, and in the end both logs
 * have one digest. Whatever a call before this one has copied is compared, and left.
 * @throws MigrationRefused when the target holds anything else, or when either is being written; the
 * signal's reason; what the stores throw. What is copied then stays, and the next call goes on.
 */
export const migrateLog = async (migration: Migration): Promise<Migrated> => {
  const { source, target, signal, onProgress } = migration;
  const end = await source.store.lastPosition();
  const seen = seenFromFirst();
  const take = (step: MigrationStep) => (page: readonly RecordedEvent[]) => {
    seen.take(page);
    onProgress({ step, events: seen.events(), of: reckoned(seen, end) });
  };
  const found = await commonPrefix({ source, target }, signal, take('comparing'));
  await copyBehind(found, migration, take('copying'));
  const whole = seen.whole();
  await requireStill(source, whole);
  const copy = await readThrough(target, signal, (events) =>
    onProgress({ step: 'reading the target', events, of: whole.events }),
  );
  if (copy.digest !== whole.digest || copy.events !== whole.events)
    throw new MigrationRefused(
      `${target.name} has come to hold something else (${copy.events} events, digest ${copy.digest}) than ${source.name} (${whole.events}, ${whole.digest}): somebody else writes to it.`,
    );
  return { events: whole.events, found: found.events, digest: whole.digest };
};

/** How many events a log holds that ends there, if those behind what was seen are as far apart. */
const reckoned = (seen: Seen, end: LogPosition): number =>
  Math.max(
    seen.events(),
    Math.round((seen.events() * Number(end)) / Math.max(1, Number(seen.last()))),
  );

/** Hands over each page of the source once the target holds it. */
const copyBehind = async (
  { events: found, inSource, inTarget }: CommonPrefix,
  { source, target, signal }: Migration,
  onCopied: (page: readonly RecordedEvent[]) => void,
): Promise<void> => {
  let events = found;
  let after = inTarget;
  for await (const page of pagesOf(source, inSource, signal)) {
    await copyPage(target, page).catch((error: unknown) => {
      if (!(error instanceof WrongExpectedVersion)) throw error;
      throw new MigrationRefused(
        `${target.name} is being written by somebody else: ${error.message}`,
      );
    });
    // One more than the page, so that what somebody else has written behind it is seen.
    const back = await target.store.readAll({ after, maxCount: page.length + 1 });
    requireSame(page, back, { target, before: events });
    if (back.length < page.length)
      throw new MigrationRefused(
        `${target.name} does not hold what it took behind event ${events}.`,
      );
    events += page.length;
    after = back.at(-1)?.logPosition ?? after;
    onCopied(page);
  }
};

const requireStill = async ({ name, store }: LogEnd, { last }: WholeLog): Promise<void> => {
  if ((await store.lastPosition()) !== last)
    throw new MigrationRefused(
      `${name} was written meanwhile: stop who writes to it, and run the same command again.`,
    );
};
