import {
  type EventDefinitions,
  type EventMetadata,
  type EventOf,
  type EventStore,
  encodeEvent,
  type NewId,
  type Outcome,
  type StreamName,
  type StreamVersion,
  WrongExpectedVersion,
} from '@sentinel/contracts/kernel';
import { type Call, type Decided, decideInTurn } from './decide-in-turn.ts';
import { decideOnNewest } from './decide-on-newest.ts';
import type { Decider } from './decider.ts';
import type { Fence } from './fence.ts';
import { foldCache } from './fold-cache.ts';
import type { SnapshotOptions } from './fold-snapshots.ts';
import type { Executed, Folded } from './folded.ts';
import { inRounds, type Round } from './in-rounds.ts';

/** What an aggregate offers to whoever may always use it. */
export type Turns<Command, State, Event, Code extends string> = {
  /** The fold as this process last saw it: enough to start from, since an append checks the version. */
  readonly load: (stream: StreamName, atLeast?: StreamVersion) => Promise<Folded<State>>;
  /** The fold with everything that any process had appended when it was called. */
  readonly refresh: (stream: StreamName) => Promise<Folded<State>>;
  /**
   * One turn: folds, decides and appends at the folded version. Between the fold and the append nobody
   * is waited for, so a turn lasts as long as its append. Calls on one stream are decided one after
   * another within the process, each on what the one before it led to, urgent ones first; those that
   * wait for the same append to end go together into the next, which the store takes as a whole or not
   * at all. When another process was faster it is decided again, after pauses that grow, and gives up
   * in time. An answer is given only when all that it rests on stands in the log.
   * @throws Contended, and what the event store throws
   */
  readonly execute: (
    stream: StreamName,
    command: Command,
    metadata: EventMetadata,
  ) => Promise<Outcome<Executed<State, Event>, Code>>;
  /** Saves what the snapshots lack, for a clean stop. */
  readonly settle: () => Promise<void>;
};

export type Aggregate<Command, State, Event, Code extends string> = Turns<
  Command,
  State,
  Event,
  Code
> & {
  /**
   * The same for one who may lose the right to send commands: the fence is asked whenever a command is
   * decided, however often it comes back, and between it and the append nobody is waited for. What it
   * throws is the command's answer, and nothing of it is appended.
   */
  readonly under: (fence: Fence) => Turns<Command, State, Event, Code>;
};

/** Others were faster each time. Nothing was appended; the caller may try again. */
export class Contended extends Error {
  override readonly name = 'Contended';
}

/** With the pauses between them these last about two seconds. */
const maxAttempts = 40;
const attemptsWithoutPause = 4;
const pauseStepMs = 2;
const longestPauseMs = 64;
/** Commands that share an append at the most. */
const commandsAtOnce = 32;

const pauseAfter = (attempt: number): number =>
  Math.min(longestPauseMs, Math.max(0, attempt - attemptsWithoutPause) * pauseStepMs);

/** Runs a decider over streams of one kind, keeping the folded state of the recent ones. */
export const aggregate = <
  Definitions extends EventDefinitions,
  Command,
  State,
  Code extends string,
>(options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  readonly definitions: Definitions;
  readonly decider: Decider<Command, State, EventOf<Definitions>, Code>;
  /** What goes before everything else that waits for the stream; nothing unless given. */
  readonly isUrgent?: (command: Command) => boolean;
  /** Where folds of long streams begin; with the first event unless given. */
  readonly snapshots?: SnapshotOptions | undefined;
}): Aggregate<Command, State, EventOf<Definitions>, Code> => {
  type Event = EventOf<Definitions>;
  type Waiting = Call<Command, State, Event, Code> & { attempts: number };
  const { eventStore, newId, definitions, decider, isUrgent } = options;
  const folds = foldCache({ ...options, ...decider });
  const { load, refresh, settle } = folds;

  const append = async (
    stream: StreamName,
    at: Folded<State>,
    decided: readonly Decided<State>[],
  ): Promise<Folded<State>> => {
    const events = decided.flatMap(({ toAppend }) => toAppend);
    const state = decided.at(-1)?.state;
    if (events.length === 0 || state === undefined) return at;
    const expected = at.version ?? 'no-stream';
    const { version, logPosition } = await eventStore.appendToStream(stream, events, expected);
    const folded = { state, version, logPosition };
    folds.set(stream, folded);
    return folded;
  };

  const deciding = {
    decide: decider.decide,
    evolve: decider.evolve,
    encode: (event: Event) => encodeEvent(definitions, event),
    newId,
  };

  /** Another process appended first: all of them are decided again on what it left, or give up. */
  const beaten = async (
    stream: StreamName,
    from: Folded<State>,
    calls: readonly Waiting[],
  ): Promise<Round> => {
    await folds.catchUp(stream, from);
    for (const call of calls) call.attempts += 1;
    const most = Math.max(...calls.map(({ attempts }) => attempts));
    if (most >= maxAttempts)
      throw new Contended(`${stream}: another writer was faster ${most} times`);
    return { settled: 0, restMs: pauseAfter(most) };
  };

  /** Takes calls through one append. */
  const round = async (stream: StreamName, calls: readonly Waiting[]): Promise<Round> => {
    const first = await decideOnNewest(stream, calls, { folds, deciding });
    const { folded } = first;
    let { decided } = first;
    for (;;) {
      try {
        const last = await append(stream, folded, decided);
        for (const { settle } of decided) settle(last);
        return { settled: decided.length, restMs: 0 };
      } catch (error) {
        if (error instanceof RangeError && decided.length > 1) {
          // Too much for one append, perhaps because of one of them: the first goes by itself.
          decided = decideInTurn(calls.slice(0, 1), folded, deciding);
          continue;
        }
        // Whatever went wrong, the cached fold may be behind the log from here on.
        folds.forget(stream);
        if (error instanceof WrongExpectedVersion) return beaten(stream, folded, calls);
        for (const { reject } of decided) reject(error);
        return { settled: decided.length, restMs: 0 };
      }
    }
  };
  const enter = inRounds(commandsAtOnce, round);

  const turns = (fence?: Fence): Turns<Command, State, Event, Code> => ({
    load,
    refresh,
    settle,
    execute: (stream, command, metadata) =>
      new Promise((resolve, reject) =>
        enter(stream, {
          command,
          metadata,
          fence,
          urgent: isUrgent?.(command) ?? false,
          attempts: 0,
          resolve,
          reject,
        }),
      ),
  });
  return { ...turns(), under: turns };
};
