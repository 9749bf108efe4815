import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type KeyId, keyIdSchema, type Sha256, sha256Schema } from '@sentinel/contracts/kernel';

const mark = 'sk_sentinel_';
const secretBytes = 32;
/** The mark, the id of the key in 22 characters, and 256 random bits in 43. */
const form = /^sk_sentinel_([A-Za-z0-9_-]{22})_[A-Za-z0-9_-]{43}$/;

const bytesOf = (keyId: KeyId): Buffer => Buffer.from(keyId.replaceAll('-', ''), 'hex');

/** Sixteen bytes as an id. */
const idOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** An id that follows from these words alone: whoever says them again means the same. */
export const idFrom = (...parts: readonly string[]): string =>
  idOf(createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16));

/** The readable beginning of every secret of a key: it says which key is shown, and opens nothing. */
export const prefixOf = (keyId: KeyId): string => mark + bytesOf(keyId).toString('base64url');

/** A new secret of a key: shown once, and kept nowhere. */
export const newApiKey = (keyId: KeyId): string =>
  `${prefixOf(keyId)}_${randomBytes(secretBytes).toString('base64url')}`;

/** Which key a shown text would be; undefined where it is none of ours. Whether it opens its digest says. */
export const shownKeyId = (shown: string): KeyId | undefined => {
  const [, id] = form.exec(shown) ?? [];
  return id === undefined ? undefined : keyIdSchema.parse(idOf(Buffer.from(id, 'base64url')));
};

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the log keeps of a secret, from its SHA-256: an HMAC-SHA-256 that nobody can make without the pepper. */
export const digestWith = (pepper: string, sha256: string): Sha256 =>
  sha256Schema.parse(createHmac('sha256', pepper).update(sha256).digest('hex'));

/** In the time that both take, whatever they hold. */
export const isSame = (a: Sha256, b: Sha256): boolean =>
  timingSafeEqual(Buffer.from(a), Buffer.from(b));
