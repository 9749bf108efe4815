import type { EventId, LogPosition, StreamVersion } from '@sentinel/contracts/kernel';

/** A stream folded up to its last event; `version` is undefined when the stream does not exist. */
export type Folded<State> = {
  readonly state: State;
  readonly version: StreamVersion | undefined;
  readonly logPosition: LogPosition | undefined;
};

/** The state right after one command; `logPosition` is where its events stand, or shortly behind them. */
export type Executed<State, Event> = Folded<State> & {
  /** What was appended, with the ids under which it stands; empty when nothing had to be. */
  readonly events: readonly { readonly id: EventId; readonly event: Event }[];
};
