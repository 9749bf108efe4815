import type { Json } from '../kernel/index.ts';

/** Something short-lived of logging in and of OAuth. Its `id` is a digest: a store learns no secret. */
export type AccessRecord = {
  /** What it is, such as `AccessToken`; ids are told apart within a kind. */
  readonly kind: string;
  readonly id: string;
  readonly payload: Json;
  /** Seconds from now, at least 1, after which nobody finds it; null for never. */
  readonly ttlSeconds: number | null;
  /** What goes together with others when one of them is found to be stolen; null for what stands alone. */
  readonly family: string | null;
  /** A second name by which it is found within its kind; null for none. */
  readonly alias: string | null;
};

export type FoundAccessRecord = Pick<AccessRecord, 'kind' | 'id' | 'payload'> & {
  /** When it was used up; null for what was not. */
  readonly consumedAt: Temporal.Instant | null;
};

/**
 * Codes, tokens, registrations, sessions and secrets of logging in. It holds leave of nobody: that stands in
 * the log. Every process on the same database sees the same. @throws AccessStoreUnavailable, each of them
 */
export type AccessStore = {
  /** Writes it, over what stood there; that it was used up it stays. */
  readonly put: (record: AccessRecord) => Promise<void>;
  /** Writes it where nothing stands; false where something does. */
  readonly add: (record: AccessRecord) => Promise<boolean>;
  readonly find: (kind: string, id: string) => Promise<FoundAccessRecord | undefined>;
  readonly findByAlias: (kind: string, alias: string) => Promise<FoundAccessRecord | undefined>;
  /** Uses it up: true for exactly one of all who try, and for nobody where there is none. */
  readonly consume: (kind: string, id: string) => Promise<boolean>;
  readonly remove: (kind: string, id: string) => Promise<void>;
  readonly removeFamily: (family: string) => Promise<void>;
  /** How many of a kind can be found. */
  readonly count: (kind: string) => Promise<number>;
  /** Removes what nobody finds any more. */
  readonly sweep: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** The store cannot be reached: who cannot be looked up is not let in. */
export class AccessStoreUnavailable extends Error {
  override readonly name = 'AccessStoreUnavailable';
}
