import type { EventMetadata, EventStore, NewId, Outcome } from '@sentinel/contracts/kernel';
import { controlEvents } from '@sentinel/contracts/risk';
import { aggregate, type Executed } from '../../kernel/index.ts';
import type { ControlCommand, ControlRefusal } from './commands.ts';
import { controlDecider } from './decider.ts';
import { type ControlEvent, type ControlState, controlStream } from './state.ts';

export type ControlOutcome = Outcome<Executed<ControlState, ControlEvent>, ControlRefusal>;

/** The control stream as the rest of the house uses it. */
export type Control = {
  readonly load: () => Promise<ControlState>;
  /** With everything that any process had appended when it was called. */
  readonly refresh: () => Promise<ControlState>;
  readonly execute: (command: ControlCommand, metadata: EventMetadata) => Promise<ControlOutcome>;
};

export const controlRoom = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
}): Control => {
  const control = aggregate({
    ...options,
    definitions: controlEvents,
    decider: controlDecider,
    isUrgent: ({ type }: ControlCommand) =>
      type === 'EngageHalt' || type === 'ReleaseHalt' || type === 'DeclineRelease',
  });
  const load = async () => (await control.load(controlStream)).state;
  return {
    load,
    refresh: async () => (await control.refresh(controlStream)).state,
    execute: (command, metadata) => control.execute(controlStream, command, metadata),
  };
};
