import type { EventMetadata, EventStore, NewId, Outcome } from '@sentinel/contracts/kernel';
import { controlEvents } from '@sentinel/contracts/risk';
import {
  aggregate,
  type Executed,
  type Fence,
  type SnapshotOptions,
  type Turns,
} from '../../kernel/index.ts';
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
  /** Saves what the snapshots lack, for a clean stop. */
  readonly settle: () => Promise<void>;
  /** The same for one who may lose the right to send commands. */
  readonly under: (fence: Fence) => Control;
};

export const controlRoom = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  /** Where the fold of a long stream begins; with the first event unless given. */
  readonly snapshots?: SnapshotOptions | undefined;
}): Control => {
  const control = aggregate({
    ...options,
    definitions: controlEvents,
    decider: controlDecider,
    isUrgent: ({ type }: ControlCommand) =>
      type === 'EngageHalt' || type === 'ReleaseHalt' || type === 'DeclineRelease',
  });
  type ControlTurns = Turns<ControlCommand, ControlState, ControlEvent, ControlRefusal>;
  const over = ({ load, refresh, execute, settle }: ControlTurns): Control => ({
    load: async () => (await load(controlStream)).state,
    refresh: async () => (await refresh(controlStream)).state,
    execute: (command, metadata) => execute(controlStream, command, metadata),
    settle,
    under: (fence) => over(control.under(fence)),
  });
  return over(control);
};
