import { z } from 'zod';
import { approverSchema } from '../approval/index.ts';
import {
  credentialIdSchema,
  event,
  grantIdSchema,
  instantSchema,
  keyIdSchema,
  sha256Schema,
} from '../kernel/index.ts';
import { grantSchema, shortText, standingGrantSchema } from './grant.ts';

/** Who did it, as it was proved and no further, and when by the wall clock. */
const done = { by: approverSchema, at: instantSchema } as const;

/** The whole grant each time, so that no event has to be read by the light of another. */
const granted = z.strictObject({
  grant: grantSchema,
  /** 1 when it is given, and one more with each change. */
  version: z.int().min(1),
  ...done,
});

/** Everything that a `grant-<id>` stream holds. */
export const grantEvents = {
  AccessGranted: event(1, granted),
  /** From here on these terms hold, wider or narrower. */
  AccessChanged: event(1, granted),
  /** From here on it allows nothing; it is never given back. */
  AccessRevoked: event(1, granted.extend({ reason: shortText(500).nullable() })),
} as const;

/** In a session: what it holds of a grant from here on, so that no order of it rests on an older version. */
export const sessionAccessEvents = {
  AccessAdopted: event(1, standingGrantSchema.extend({ at: instantSchema })),
} as const;

/** A secret that was shown once. The log holds its HMAC-SHA-256 with the pepper, and never the key. */
const secret = {
  /** The readable beginning of the key, by which it is found. */
  prefix: z.string().regex(/^[A-Za-z0-9_-]{4,40}$/, 'not a prefix'),
  digest: sha256Schema,
  /** From here on it opens nothing; null for never. */
  expiresAt: instantSchema.nullable(),
} as const;

/** Everything that a `key-<id>` stream holds. */
export const keyEvents = {
  KeyIssued: event(
    1,
    z.strictObject({
      keyId: keyIdSchema,
      label: shortText(200),
      /** What whoever shows the key may do. */
      grantId: grantIdSchema,
      ...secret,
      ...done,
    }),
  ),
  KeyRotated: event(
    1,
    z.strictObject({
      keyId: keyIdSchema,
      label: shortText(200),
      grantId: grantIdSchema,
      ...secret,
      /** Until when the key before it opens too; null where it opens nothing more. */
      previousUntil: instantSchema.nullable(),
      ...done,
    }),
  ),
  KeyRevoked: event(
    1,
    z.strictObject({
      keyId: keyIdSchema,
      label: shortText(200),
      grantId: grantIdSchema,
      reason: shortText(500).nullable(),
      ...done,
    }),
  ),
} as const;

const passkey = {
  /** Of whom it is: `human:<name>`. */
  operator: shortText(200),
  credentialId: credentialIdSchema,
  label: shortText(200),
} as const;

/** What an `operator-<id>` stream holds of the ways in which a human is known. */
export const passkeyEvents = {
  PasskeyRegistered: event(
    1,
    z.strictObject({
      ...passkey,
      /** COSE, base64url: by it a signature can be verified without us. */
      publicKey: z.string().regex(/^[A-Za-z0-9_-]{1,4000}$/, 'not base64url'),
      /** As the authenticator counted when it was registered; 0 for one that does not count. */
      signCount: z.int().min(0),
      ...done,
    }),
  ),
  PasskeyRemoved: event(1, z.strictObject({ ...passkey, ...done })),
} as const;

/** Who may come in, how they are known, and what they may do. */
export const accessEvents = { ...grantEvents, ...keyEvents, ...passkeyEvents } as const;
