import type {
  EventId,
  EventMetadata,
  NewEvent,
  NewId,
  Outcome,
  StreamVersion,
} from '@sentinel/contracts/kernel';
import type { Executed, Folded } from './folded.ts';

/** A command that waits for its turn, and whoever waits for its answer. */
export type Call<State, Event, Code extends string> = {
  readonly decide: (
    state: State,
  ) => Outcome<readonly Event[], Code> | Promise<Outcome<readonly Event[], Code>>;
  readonly metadata: EventMetadata;
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

export type DecidingOptions<State, Event> = {
  readonly evolve: (state: State, event: Event) => State;
  readonly encode: (event: Event) => Pick<NewEvent, 'type' | 'schemaVersion' | 'data'>;
  readonly newId: NewId;
};

/** So many events end a group: one command may add as many again, and an append holds 500. */
const eventsTogether = 100;

/**
 * Decides calls one after another, each on the state that the one before it leads to. It may stop
 * early, but not before the first. What a decision throws is its caller's answer and nobody else's.
 */
export const decideInTurn = async <State, Event, Code extends string>(
  calls: readonly Call<State, Event, Code>[],
  from: Folded<State>,
  { evolve, encode, newId }: DecidingOptions<State, Event>,
): Promise<readonly Decided<State>[]> => {
  const decided: Decided<State>[] = [];
  let { state } = from;
  let count = 0;

  const decideOne = async (call: Call<State, Event, Code>): Promise<Decided<State>> => {
    const { metadata, resolve, reject } = call;
    const decision = await call.decide(state);
    if (!decision.ok) return { toAppend: [], state, settle: () => resolve(decision), reject };
    const events = decision.value.map((event) => ({ id: newId() as EventId, event }));
    const toAppend = events.map(({ id, event }) => ({ id, ...encode(event), metadata }));
    const after = decision.value.reduce(evolve, state);
    const version = versionAfter(from.version, count + events.length);
    const settle = ({ position }: Folded<State>) =>
      resolve({ ok: true, value: { state: after, version, position, events } });
    return { toAppend, state: after, settle, reject };
  };

  for (const call of calls) {
    if (count >= eventsTogether) break;
    const next = await decideOne(call).catch(
      (error: unknown): Decided<State> => ({
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

const versionAfter = (
  version: StreamVersion | undefined,
  count: number,
): StreamVersion | undefined =>
  count === 0 ? version : (((version ?? -1n) + BigInt(count)) as StreamVersion);
