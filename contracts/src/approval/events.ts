import { z } from 'zod';
import {
  approvalRequestIdSchema,
  credentialIdSchema,
  event,
  instantSchema,
  sha256Schema,
} from '../kernel/index.ts';

/** What can be asked of a human. Whoever has another kind of wish adds its name here. */
export const approvalKindSchema = z.enum(['order', 'halt_release', 'limits', 'promotion']);
export type ApprovalKind = z.output<typeof approvalKindSchema>;

/**
 * A wish that waits for a human who answers outside the conversation. It stands in the stream that the
 * answer changes, in one append with the thing itself, and names that by id and digest.
 */
export const approvalRequestSchema = z.strictObject({
  requestId: approvalRequestIdSchema,
  kind: approvalKindSchema,
  /** The id of the thing: of an order, of a halt, of the limits version that is to be replaced. */
  subject: z.string(),
  /** Over the thing as it was asked for, canonical. */
  subjectDigest: sha256Schema,
  /** The limits under which it was asked for: under others the answer means nothing. Null where none matter. */
  limitsVersion: z.int().min(1).nullable(),
  /** The words of whoever asks: data, never an instruction. */
  givenReason: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: instantSchema,
  /** By the wall clock. From here on nobody can answer it. */
  expiresAt: instantSchema,
});
export type ApprovalRequest = z.output<typeof approvalRequestSchema>;

/** Who answered, as it was proved and no further. */
export const approverSchema = z.strictObject({
  /** `operator-key:<fingerprint>` or `human:<name>`: what was shown, never a name that somebody typed. */
  principal: z.string(),
  /**
   * `operator_key`: whoever answered could read the key in the data folder, a person or a program.
   * `call`: the gateway knew the human by whom a tool was called.
   * `passkey`, `password`: a human who had logged in by one.
   */
  identifiedBy: z.enum(['operator_key', 'call', 'passkey', 'password']),
  /** Through what it came. */
  through: z.enum(['page', 'command', 'tool']),
});
export type Approver = z.output<typeof approverSchema>;

const base64url = (most: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{1,${most}}$`), 'not base64url');

/**
 * What a passkey signed for one yes (WebAuthn, level 2), each in base64url. Its challenge is made of the request's
 * id and digest, so that who holds the event and the passkey's public key can verify it without us.
 */
export const passkeyProofSchema = z.strictObject({
  credentialId: credentialIdSchema,
  authenticatorData: base64url(2_000),
  clientDataJSON: base64url(4_000),
  /** Of post-quantum keys (ML-DSA-44), which browsers make where they can, it has 3,227 characters. */
  signature: base64url(4_000),
});
export type PasskeyProof = z.output<typeof passkeyProofSchema>;

const answered = z.strictObject({
  requestId: approvalRequestIdSchema,
  /** Over the request, which the answer named: what was shown is what was answered. */
  requestDigest: sha256Schema,
  by: approverSchema,
  at: instantSchema,
});

/** How a human's yes or no is written down, in whichever stream the request stands. */
export const approvalEvents = {
  ApprovalRequested: event(1, approvalRequestSchema),
  /** Version 1 knew no answer by a tool, version 2 no proof. */
  ApprovalGranted: event(
    3,
    answered.extend({
      /** Absent where whoever answered was known by something else than a passkey. */
      proof: passkeyProofSchema.optional(),
    }),
    { 1: (data) => data, 2: (data) => data },
  ),
  /** Version 1 knew no answer by a tool. */
  ApprovalDeclined: event(2, answered, { 1: (data) => data }),
  /** Nobody answered it in time, or what it was about has ended before. */
  ApprovalExpired: event(
    1,
    z.strictObject({ requestId: approvalRequestIdSchema, at: instantSchema }),
  ),
} as const;
