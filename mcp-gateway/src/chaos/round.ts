import { setTimeout as sleep } from 'node:timers/promises';
import { retryUnanswered, type Stream, streamOrders } from './callers.ts';
import { type KillKind, killBoth, killPostmaster } from './kills.ts';
import { becomesReady, ChaosFailure, type Program, startProgram } from './program.ts';

export const readyWithinMs = 30_000;
const answeredWithinMs = 60_000;
/** Orders stream this long before the kill, and after one that the program survives. */
const streamMs = { least: 150, spread: 750 };
const afterwardsMs = 300;
/** A start on data that is there takes about one second, on an empty folder about two. */
const startMs = { 'start-up': 1_200, 'first start': 2_400 };

export type Round = {
  readonly program: Program;
  /** From the start that followed the kill, or the kill of the database alone, until all was ready. */
  readonly readyMs: number;
  readonly repeats: number;
  readonly retried: number;
};

/** Streams orders, does `deed` at a seeded moment, and waits until every caller has let go. */
const during = async (
  stream: Stream,
  deed: () => Promise<void>,
  goOnMs: number,
): Promise<number> => {
  const stop = new AbortController();
  const streaming = streamOrders(stream, stop.signal);
  await sleep(streamMs.least + stream.chance.below(streamMs.spread));
  await deed();
  await sleep(goOnMs);
  stop.abort();
  return streaming;
};

/** Asks the program to stop and waits until it has ended well. @throws ChaosFailure */
export const stopInOrder = async (program: Program): Promise<void> => {
  const how = await program.stop();
  if (how !== 0) throw new ChaosFailure(`it stopped with ${how}: ${program.output()}`);
};

/** The same while orders come in, and go on coming for a moment. */
export const stopUnderOrders = async (program: Program, stream: Stream): Promise<number> => {
  const asked = Promise.withResolvers<void>();
  const [repeats] = await Promise.all([
    during(stream, async () => asked.resolve(), afterwardsMs),
    asked.promise.then(() => stopInOrder(program)),
  ]);
  return repeats;
};

/** Starts the program and kills it at a seeded moment of its start, half the time with its database. */
const killStarting = async (
  { site, chance }: Stream,
  kind: 'start-up' | 'first start',
): Promise<void> => {
  const starting = startProgram(site);
  await sleep(chance.below(startMs[kind]));
  if (starting.ended() !== undefined) {
    throw new ChaosFailure(`it ended with ${starting.ended()} on start: ${starting.output()}`);
  }
  if (chance.below(2) === 0) await starting.kill();
  else await killBoth(starting, site, chance);
};

/** How many calls repeated a key, and when the database died under a program that lived on. */
type Struck = { readonly repeats: number; readonly survivedSince?: number };

const killUnderOrders = async (
  kind: KillKind,
  program: Program,
  stream: Stream,
): Promise<Struck> => {
  const { site, chance } = stream;
  switch (kind) {
    case 'node':
      return { repeats: await during(stream, program.kill, 0) };
    case 'both':
      return { repeats: await during(stream, () => killBoth(program, site, chance), 0) };
    case 'postmaster': {
      let survivedSince = 0;
      const strike = async () => {
        survivedSince = performance.now();
        await killPostmaster(site);
      };
      return { repeats: await during(stream, strike, afterwardsMs), survivedSince };
    }
    case 'start-up': {
      // Stopped in order first, under orders as well: what it acknowledged must be there, too.
      const repeats = await stopUnderOrders(program, stream);
      await killStarting(stream, kind);
      return { repeats };
    }
    case 'first start':
      throw new ChaosFailure('a first start is killed before anything runs');
  }
};

/**
 * One kill, and all that must come right by itself after it: the program is ready again, and every
 * call that was left without an answer is answered when it is made again. `before` runs already,
 * except when it is the first start that is killed. @throws ChaosFailure
 */
export const playRound = async (
  kind: KillKind,
  before: Program | undefined,
  stream: Stream,
): Promise<Round> => {
  const { site } = stream;
  if (before === undefined) await killStarting(stream, 'first start');
  const struck: Struck =
    before === undefined ? { repeats: 0 } : await killUnderOrders(kind, before, stream);
  const { repeats, survivedSince } = struck;
  const begin = survivedSince ?? performance.now();
  const survivor = survivedSince === undefined ? undefined : before;
  const program = survivor ?? startProgram(site);
  await becomesReady(program, site, readyWithinMs);
  const readyMs = performance.now() - begin;
  const retried = await retryUnanswered(stream, answeredWithinMs);
  return { program, readyMs, repeats, retried };
};
