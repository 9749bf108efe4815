import type {
  EventId,
  EventMetadata,
  NewEvent,
  NewId,
  Outcome,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import type { Fence } from './fence.ts';
import type { Executed, Folded } from './folded.ts';

/** A command that waits for its turn, and whoever waits for its answer. */
export type Call<Command, State, Event, Code extends string> = {
  readonly command: Command;
  readonly metadata: EventMetadata;
  readonly urgent: boolean;
  /** Asked whenever it is decided, in the same moment as it is appended; absent where nothing can be lost. */
  readonly fence?: Fence | undefined;
  readonly resolve: (outcome: Outcome<Executed<State, Event>, Code>) => void;
  readonly reject: (error: unknown) => void;
};

/** A command that has been decided and is not answered yet. */
export type Decided<State> = {
  readonly toAppend: readonly NewEvent[];
  /** The state that follows once `toAppend` stands. */
  readonly state: State;
  /** Answers it, once all that it rests on stands in the log; `last` is the end of what does. */
  readonly settle: (last: Folded<State>) => void;
  readonly reject: (error: unknown) => void;
};

export type Deciding<Command, State, Event, Code extends string> = {
  readonly decide: (command: Command, state: State) => Outcome<readonly Event[], Code>;
  readonly evolve: (state: State, event: Event) => State;
  readonly encode: (event: Event) => Pick<NewEvent, 'type' | 'schemaVersion' | 'data'>;
  readonly newId: NewId;
};

/** So many events end a group: one command may add as many again, and an append holds 500. */
const eventsTogether = 100;

/**
 * Decides calls one after another, each on the state that the one before it leads to. It may stop
 * early, but not before the first. What a decision or its fence throws is its caller's answer and nobody else's.
 * Nothing is waited for: whatever a decision needs of the world came in with its command.
 */
export const decideInTurn = <Command, State, Event, Code extends string>(
  calls: readonly Call<Command, State, Event, Code>[],
  from: Folded<State>,
  { decide, evolve, encode, newId }: Deciding<Command, State, Event, Code>,
): readonly Decided<State>[] => {
  const decided: Decided<State>[] = [];
  let { state } = from;
  let count = 0;

  const decideOne = (call: Call<Command, State, Event, Code>): Decided<State> => {
    const { command, metadata, resolve, reject } = call;
    call.fence?.();
    const decision = decide(command, state);
    if (!decision.ok) return { toAppend: [], state, settle: () => resolve(decision), reject };
    const events = decision.value.map((event) => ({ id: newId() as EventId, event }));
    const toAppend = events.map(({ id, event }) => ({ id, ...encode(event), metadata }));
    const after = decision.value.reduce(evolve, state);
    const version = versionAfter(from.version, count + events.length);
    const settle = ({ logPosition }: Folded<State>) =>
      resolve({ ok: true, value: { state: after, version, logPosition, events } });
    return { toAppend, state: after, settle, reject };
  };

  for (const call of calls) {
    if (count >= eventsTogether) break;
    const next = attempt(
      () => decideOne(call),
      (error) => ({
        toAppend: [],
        state,
        settle: () => call.reject(error),
        reject: call.reject,
      }),
    );
    state = next.state;
    count += next.toAppend.length;
    decided.push(next);
  }
  return decided;
};

const attempt = <Value>(task: () => Value, otherwise: (error: unknown) => Value): Value => {
  try {
    return task();
  } catch (error) {
    return otherwise(error);
  }
};

const versionAfter = (
  version: StreamVersion | undefined,
  count: number,
): StreamVersion | undefined =>
  count === 0 ? version : (((version ?? -1n) + BigInt(count)) as StreamVersion);
