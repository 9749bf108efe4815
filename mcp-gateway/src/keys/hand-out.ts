import type { GrantTerms } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import {
  accepted,
  type EventMetadata,
  type GrantId,
  grantIdSchema,
  type KeyId,
  keyIdSchema,
  type NewId,
  type Outcome,
} from '@sentinel/contracts/kernel';
import type { AccessRefusal, Grants, Keys } from '@sentinel/services/access';
import { digestWith, newApiKey, prefixOf, sha256Of } from './api-key.ts';
import { clientOfKey } from './by-key.ts';

/** Who gives keys out and takes them back: a human who was identified. */
export type Hand = {
  readonly keys: Pick<Keys, 'execute'>;
  readonly grants: Pick<Grants, 'execute'>;
  readonly pepper: string;
  readonly newId: NewId;
  readonly by: Approver;
  readonly at: Temporal.Instant;
  readonly metadata: EventMetadata;
};

/** A key as it is shown this once. */
export type Shown = {
  readonly keyId: KeyId;
  readonly grantId: GrantId;
  readonly key: string;
};

const freshSecret = (keyId: KeyId, pepper: string) => {
  const key = newApiKey(keyId);
  return { key, secret: { prefix: prefixOf(keyId), digest: digestWith(pepper, sha256Of(key)) } };
};

/**
 * A new key, with a grant of its own of these terms. The grant comes first: of a hand that is stopped in
 * between there is a grant without a key, which lets nobody in.
 */
export const issueKey = async (
  { label, terms }: { readonly label: string; readonly terms: GrantTerms },
  { keys, grants, pepper, newId, by, at, metadata }: Hand,
): Promise<Outcome<Shown, AccessRefusal>> => {
  const keyId = keyIdSchema.parse(newId());
  const grantId = grantIdSchema.parse(newId());
  const client = { id: clientOfKey(keyId), name: label };
  const grant = { ...terms, grantId, client, principal: by.principal };
  const given = await grants.execute(grantId, { type: 'GrantAccess', grant, by, at }, metadata);
  if (!given.ok) return given;
  const { key, secret } = freshSecret(keyId, pepper);
  const { expiresAt } = terms;
  const issued = await keys.execute(
    keyId,
    { type: 'IssueKey', keyId, label, grantId, ...secret, expiresAt, by, at },
    metadata,
  );
  return issued.ok ? accepted({ keyId, grantId, key }) : issued;
};

/** A new secret of a key; the one before it opens until `previousUntil`, and no more where that is null. */
export const rotateKey = async (
  keyId: KeyId,
  ends: {
    readonly expiresAt: Temporal.Instant | null;
    readonly previousUntil: Temporal.Instant | null;
  },
  { keys, pepper, by, at, metadata }: Hand,
): Promise<Outcome<Shown, AccessRefusal>> => {
  const { key, secret } = freshSecret(keyId, pepper);
  const command = { type: 'RotateKey', ...secret, ...ends, by, at } as const;
  const rotated = await keys.execute(keyId, command, metadata);
  return rotated.ok ? accepted({ keyId, grantId: rotated.value.grantId, key }) : rotated;
};

/** Takes a key back, in force from the next call on. */
export const revokeKey = (
  keyId: KeyId,
  reason: string | null,
  { keys, by, at, metadata }: Hand,
): ReturnType<Keys['execute']> =>
  keys.execute(keyId, { type: 'RevokeKey', reason, by, at }, metadata);
