import type { Decider } from './decider.ts';
import { fold } from './decider.ts';

/**
 * given(past).when(command) for a decider's tests. It folds the outcome once more and decides the
 * same command again where the decider promises idempotence.
 */
export const specification = <Command, State, Event, Code extends string>(
  decider: Decider<Command, State, Event, Code>,
) => ({
  given: (...past: readonly Event[]) => ({
    state: fold(decider, past),
    when: (command: Command) => decider.decide(command, fold(decider, past)),
  }),
});
