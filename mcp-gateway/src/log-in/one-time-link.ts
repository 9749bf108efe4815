import { sha256 } from '@sentinel/infra/runtime';
import type { LogInOptions } from './options.ts';
import { newSecret } from './secrets.ts';

const kind = 'SetUpLink';
/** Long enough to walk from the machine to a browser. */
const linkSeconds = 3_600;

export type SetUpLink = {
  /** Holds the secret: it is for the machine alone to show. */
  readonly link: string;
  /** From then on it opens nothing. */
  readonly until: Temporal.Instant;
};

export type OneTimeLink = {
  /** Makes one; those before it open nothing more. */
  readonly make: () => Promise<SetUpLink>;
  /** Whether it opens something still. */
  readonly isGood: (token: string) => Promise<boolean>;
  /** Uses it up: true for exactly one of all who try. */
  readonly use: (token: string) => Promise<boolean>;
};

/**
 * The way in for whoever can read what the machine prints. The secret stands behind the `#`, which no
 * browser sends: it reaches no log of a proxy. Only its digest is kept.
 */
export const oneTimeLink = ({
  store,
  base,
  now,
}: Pick<LogInOptions, 'store' | 'base' | 'now'>): OneTimeLink => {
  const found = async (token: string) => {
    const link = await store.find(kind, sha256(token));
    const newest = await store.find(kind, 'newest');
    return link !== undefined && newest?.payload === link.id ? link : undefined;
  };
  return {
    make: async () => {
      const token = newSecret();
      // The store's own clock ends it; by this one it is told, and never as later than it ends.
      const until = now().add({ seconds: linkSeconds });
      const record = { kind, ttlSeconds: linkSeconds, family: null, alias: null };
      await store.put({ ...record, id: sha256(token), payload: null });
      await store.put({ ...record, id: 'newest', payload: sha256(token) });
      return { link: new URL(`/set-up#${token}`, base).href, until };
    },
    isGood: async (token) => (await found(token))?.consumedAt === null,
    use: async (token) =>
      (await found(token)) !== undefined && (await store.consume(kind, sha256(token))),
  };
};
