import { keyEvents } from '@sentinel/contracts/access';
import {
  type EventMetadata,
  type EventStore,
  type KeyId,
  type NewId,
  type Outcome,
  refused,
  streamName,
} from '@sentinel/contracts/kernel';
import { aggregate } from '../kernel/index.ts';
import type { AccessRefusal } from './by-human.ts';
import { type KeyCommand, keyDecider, type StandingKey } from './key-decider.ts';

export type Keys = {
  /** The key as the log has it now; undefined where there is none of this id. @throws what the store throws */
  readonly newest: (keyId: KeyId) => Promise<StandingKey | undefined>;
  /** Issues, rotates or revokes. The way in is the desk or the command at the machine: no tool leads here. */
  readonly execute: (
    keyId: KeyId,
    command: KeyCommand,
    metadata: EventMetadata,
  ) => Promise<Outcome<StandingKey, AccessRefusal>>;
};

export const keyRoom = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  /** True where nobody but this process writes the log; else the stream is read on with each question. */
  readonly writesAlone: boolean;
}): Keys => {
  const keys = aggregate({ ...options, definitions: keyEvents, decider: keyDecider });
  const look = options.writesAlone ? keys.load : keys.refresh;
  const streamOf = (keyId: KeyId) => streamName('key', keyId);
  return {
    newest: async (keyId) => (await look(streamOf(keyId))).state ?? undefined,
    execute: async (keyId, command, metadata) => {
      if (command.type === 'IssueKey' && command.keyId !== keyId)
        throw new Error(`the key ${command.keyId} has no place at ${keyId}`);
      const outcome = await keys.execute(streamOf(keyId), command, metadata);
      if (!outcome.ok) return outcome;
      const { state } = outcome.value;
      return state === null
        ? refused('UNKNOWN_KEY', 'There is no such key.', 'List the keys.')
        : { ok: true, value: state };
    },
  };
};
