import { passkeyEvents } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import {
  accepted,
  type CredentialId,
  type EventMetadata,
  type EventOf,
  type EventStore,
  type NewId,
  type Outcome,
  refused,
  streamName,
} from '@sentinel/contracts/kernel';
import { aggregate, type Decider } from '../kernel/index.ts';
import { type AccessRefusal, notByHuman } from './by-human.ts';

type PasskeyEvent = EventOf<typeof passkeyEvents>;
type Registered = Extract<PasskeyEvent, { type: 'PasskeyRegistered' }>['data'];

/** The passkeys by which one operator can log in, by credential. */
export type StandingPasskeys = ReadonlyMap<CredentialId, Registered>;

export type PasskeyCommand =
  | ({ readonly type: 'RegisterPasskey' } & Registered)
  | {
      readonly type: 'RemovePasskey';
      readonly credentialId: CredentialId;
      readonly by: Approver;
      readonly at: Temporal.Instant;
    };

/** The ways in which one operator is known. The last of them is not removed: nobody locks themselves out. */
const passkeyDecider: Decider<PasskeyCommand, StandingPasskeys, PasskeyEvent, AccessRefusal> = {
  initialState: new Map(),
  decide: (command, standing) => {
    const { credentialId, by, at } = command;
    const stranger = notByHuman(by);
    if (stranger !== undefined) return stranger;
    const known = standing.get(credentialId);
    if (command.type === 'RegisterPasskey') {
      const { type: _, ...data } = command;
      return known === undefined ? accepted([{ type: 'PasskeyRegistered', data }]) : accepted([]);
    }
    if (known === undefined)
      return refused('UNKNOWN_PASSKEY', 'There is no such passkey.', 'List the passkeys.');
    if (standing.size === 1)
      return refused(
        'LAST_PASSKEY',
        'It is the last passkey: without it nobody could log in.',
        'Register another one first.',
      );
    const { operator, label } = known;
    return accepted([{ type: 'PasskeyRemoved', data: { operator, credentialId, label, by, at } }]);
  },
  evolve: (before, { type, data }) => {
    const after = new Map(before);
    if (type === 'PasskeyRegistered') after.set(data.credentialId, data);
    else after.delete(data.credentialId);
    return after;
  },
};

export type Passkeys = {
  /** @throws what the event store throws */
  readonly of: (operatorId: string) => Promise<StandingPasskeys>;
  /** The way in is the log-in page: no tool leads here. */
  readonly execute: (
    operatorId: string,
    command: PasskeyCommand,
    metadata: EventMetadata,
  ) => Promise<Outcome<StandingPasskeys, AccessRefusal>>;
};

export const passkeyRoom = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
}): Passkeys => {
  const passkeys = aggregate({ ...options, definitions: passkeyEvents, decider: passkeyDecider });
  const streamOf = (operatorId: string) => streamName('operator', operatorId);
  return {
    of: async (operatorId) => (await passkeys.refresh(streamOf(operatorId))).state,
    execute: async (operatorId, command, metadata) => {
      const outcome = await passkeys.execute(streamOf(operatorId), command, metadata);
      return outcome.ok ? { ok: true, value: outcome.value.state } : outcome;
    },
  };
};
