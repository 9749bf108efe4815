import type { IncomingMessage } from 'node:http';
import type { KeyId, Sha256 } from '@sentinel/contracts/kernel';
import { type Keys, type LastUses, openingAt } from '@sentinel/services/access';
import { type Authenticate, StillStarting } from '../auth/index.ts';
import { digestWith, isSame, sha256Of, shownKeyId } from './api-key.ts';

/** What is asked of the house to know who shows a key. */
export type KeyHouse = {
  readonly keys: Pick<Keys, 'newest'>;
  readonly lastUses: Pick<LastUses, 'note'>;
};

export type KeyOptions = {
  /** Undefined until the house is ready. */
  readonly house: () => KeyHouse | undefined;
  readonly pepper: string;
  /** Keys that a setting names, by digest: they may look as they like, and have no id in them. */
  readonly named: ReadonlyMap<Sha256, KeyId>;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
};

/** Longer than any key or token: what is longer is not looked at. */
const longestBearer = 4_000;

/** What the `Authorization` header shows as bearer; undefined where it shows none. Nothing else is asked. */
export const bearerOf = ({ headers: { authorization = '' } }: IncomingMessage) =>
  authorization.length > longestBearer ? undefined : /^bearer +(\S+)$/i.exec(authorization)?.[1];

/** How a key is named in the log as whoever shows it. */
export const agentOfKey = (keyId: KeyId): string => `agent:${clientOfKey(keyId)}`;
export const clientOfKey = (keyId: KeyId): string => `key:${keyId}`;

/**
 * Knows who shows a key of ours, in the header `Authorization` alone: an address is logged on its way, and
 * a cookie is sent by pages that were not asked. The key is looked up in the log with each call.
 * @throws StillStarting, and what the event store throws: who cannot be looked up is not let in
 */
export const byKey =
  ({ house, pepper, named, now }: KeyOptions): Authenticate =>
  async (request) => {
    const shown = bearerOf(request);
    if (shown === undefined) return 'unauthenticated';
    const digest = digestWith(pepper, sha256Of(shown));
    const keyId = named.get(digest) ?? shownKeyId(shown);
    if (keyId === undefined) return 'unauthenticated';
    const ready = house();
    if (ready === undefined) throw new StillStarting();
    const key = await ready.keys.newest(keyId);
    if (key === undefined) return 'unauthenticated';
    const opens = openingAt(key, now()).filter((secret) => isSame(secret.digest, digest));
    if (opens.length === 0) return 'unauthenticated';
    ready.lastUses.note(keyId);
    return {
      name: agentOfKey(keyId),
      kind: 'agent',
      client: { id: clientOfKey(keyId), name: key.label },
      scopes: new Set(),
      grant: { grantId: key.grantId },
    };
  };
