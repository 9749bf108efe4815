import { z } from 'zod';

type Id<Kind extends string> = string & z.core.$brand<Kind>;

export type EventId = Id<'Event'>;
export type OrderId = Id<'Order'>;
export type DecisionId = Id<'Decision'>;
export type HaltId = Id<'Halt'>;
export type ApprovalRequestId = Id<'ApprovalRequest'>;
export type WindDownId = Id<'WindDown'>;
export type SignalId = Id<'Signal'>;
export type BacktestId = Id<'Backtest'>;
export type CorrelationId = Id<'Correlation'>;
export type GrantId = Id<'Grant'>;
export type KeyId = Id<'Key'>;
/** A passkey, as its authenticator named it: base64url. */
export type CredentialId = Id<'Credential'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const id = <Kind extends string>() => z.string().regex(uuid, 'not an id').brand<Kind>();

export const eventIdSchema = id<'Event'>();
export const orderIdSchema = id<'Order'>();
export const decisionIdSchema = id<'Decision'>();
export const haltIdSchema = id<'Halt'>();
export const approvalRequestIdSchema = id<'ApprovalRequest'>();
export const windDownIdSchema = id<'WindDown'>();
export const signalIdSchema = id<'Signal'>();
export const backtestIdSchema = id<'Backtest'>();
export const correlationIdSchema = id<'Correlation'>();
export const grantIdSchema = id<'Grant'>();
export const keyIdSchema = id<'Key'>();
export const credentialIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,1400}$/, 'not base64url')
  .brand<'Credential'>();

/** Makes a fresh UUIDv7 as text. A port: ids need a clock and chance, which the core has not. */
export type NewId = () => string;

/** Hex SHA-256 of a text. A port, since the core imports no crypto. */
export type Digest = (text: string) => Sha256;
export type Sha256 = Id<'Sha256'>;
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'not a SHA-256')
  .brand<'Sha256'>();
