import type { keyEvents } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import {
  accepted,
  type EventOf,
  type GrantId,
  isBefore,
  type KeyId,
  type Outcome,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { Decider } from '../kernel/index.ts';
import { type AccessRefusal, notByHuman } from './by-human.ts';

export type KeyEvent = EventOf<typeof keyEvents>;

/** What a key is known by. The key itself is shown once and kept nowhere. */
export type KeySecret = {
  readonly prefix: string;
  /** HMAC-SHA-256 of the key with the pepper. */
  readonly digest: Sha256;
};

/** By which whoever shows a key can be known, and until when. */
export type OpeningSecret = KeySecret & { readonly until: Temporal.Instant | null };

export type StandingKey = {
  readonly keyId: KeyId;
  readonly label: string;
  readonly grantId: GrantId;
  /** The newest first; the one before it too, where it was rotated and that one still opens. */
  readonly secrets: readonly OpeningSecret[];
  readonly standing: 'in_force' | 'revoked';
};

type Done = { readonly by: Approver; readonly at: Temporal.Instant };
type Fresh = KeySecret & { readonly expiresAt: Temporal.Instant | null };

export type KeyCommand =
  | ({
      readonly type: 'IssueKey';
      readonly keyId: KeyId;
      readonly label: string;
      readonly grantId: GrantId;
    } & Fresh &
      Done)
  | ({ readonly type: 'RotateKey'; readonly previousUntil: Temporal.Instant | null } & Fresh & Done)
  | ({ readonly type: 'RevokeKey'; readonly reason: string | null } & Done);

type Decision = Outcome<readonly KeyEvent[], AccessRefusal>;

/** The secrets that open at `at`, by the wall clock; none of a key that was revoked. */
export const openingAt = (key: StandingKey, at: Temporal.Instant): readonly OpeningSecret[] =>
  key.standing === 'revoked'
    ? []
    : key.secrets.filter(({ until }) => until === null || isBefore(at, until));

const over = refused(
  'ALREADY_REVOKED',
  'The key was revoked, and is never taken again.',
  'Issue another one.',
);
const tooLate = refused(
  'INVALID_TERMS',
  'The key would open nothing any more.',
  'Name a later end, or none.',
);

const decideStanding = (
  command: Exclude<KeyCommand, { type: 'IssueKey' }>,
  { keyId, label, grantId, standing }: StandingKey,
): Decision => {
  const { by, at } = command;
  const known = { keyId, label, grantId, by, at };
  if (command.type === 'RevokeKey')
    return standing === 'revoked'
      ? accepted([])
      : accepted([{ type: 'KeyRevoked', data: { ...known, reason: command.reason } }]);
  if (standing === 'revoked') return over;
  const { prefix, digest, expiresAt, previousUntil } = command;
  if (expiresAt !== null && !isBefore(at, expiresAt)) return tooLate;
  return accepted([
    { type: 'KeyRotated', data: { ...known, prefix, digest, expiresAt, previousUntil } },
  ]);
};

/** One key: issued once for one grant, rotated as often as its owner likes, and revoked for good. */
export const keyDecider: Decider<KeyCommand, StandingKey | null, KeyEvent, AccessRefusal> = {
  initialState: null,
  decide: (command, state) => {
    const stranger = notByHuman(command.by);
    if (stranger !== undefined) return stranger;
    if (command.type !== 'IssueKey')
      return state === null
        ? refused('UNKNOWN_KEY', 'There is no such key.', 'List the keys.')
        : decideStanding(command, state);
    if (state?.standing === 'revoked') return over;
    if (state !== null) return accepted([]);
    const { type: _, ...data } = command;
    if (data.expiresAt !== null && !isBefore(data.at, data.expiresAt)) return tooLate;
    return accepted([{ type: 'KeyIssued', data }]);
  },
  evolve: (before, { type, data }) => {
    const { keyId, label, grantId } = data;
    if (type === 'KeyRevoked')
      return { keyId, label, grantId, secrets: before?.secrets ?? [], standing: 'revoked' };
    const { prefix, digest, expiresAt } = data;
    const previous = before?.secrets[0];
    const until = type === 'KeyRotated' ? data.previousUntil : null;
    return {
      ...{ keyId, label, grantId, standing: 'in_force' },
      secrets: [
        { prefix, digest, until: expiresAt },
        ...(previous === undefined || until === null
          ? []
          : [{ ...previous, until: sooner(previous.until, until) }]),
      ],
    };
  },
};

/** A key that would have ended before is not lengthened by being rotated. */
const sooner = (ends: Temporal.Instant | null, until: Temporal.Instant): Temporal.Instant =>
  ends !== null && isBefore(ends, until) ? ends : until;
