import type { Outcome } from '@sentinel/contracts/kernel';

/**
 * What a consistency boundary is: where it starts, what a command leads to, and how an event moves
 * it. All three are pure: no clock, no chance, no configuration; what they need comes in the
 * command. A refusal that nobody has to remember is a value; one that the domain must remember is an
 * event. A command repeated on its own result decides nothing: an empty list.
 */
export type Decider<Command, State, Event, Code extends string = string> = {
  readonly initialState: State;
  readonly decide: (command: Command, state: State) => Outcome<readonly Event[], Code>;
  readonly evolve: (state: State, event: Event) => State;
};

export const fold = <Command, State, Event>(
  decider: Pick<Decider<Command, State, Event>, 'initialState' | 'evolve'>,
  events: readonly Event[],
): State => events.reduce(decider.evolve, decider.initialState);
