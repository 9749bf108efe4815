/** What a counter came to, and when it begins again. */
export type Counted = {
  readonly total: number;
  /** Milliseconds until the window ends; then the name is counted from nothing. */
  readonly endsInMs: number;
};

/**
 * What gateways share beside the log, and may lose: how often something was done, who may do what
 * nobody else does, and hints that something has changed. It is no truth: what must not be lost stands in
 * the log. Each call throws SharedStateUnavailable when it cannot be had; whether it took effect is
 * then unknown.
 */
export type SharedState = {
  /** Where it is, without any secret: for people. */
  readonly where: string;
  /** Why it cannot be relied on just now, in words; undefined while it can. Asks nobody. */
  readonly problem: () => string | undefined;
  /**
   * Counts `by` more under `name`; 0 looks. A window of `windowMs` begins with its first count. Refused as
   * well while counts of this window may have been lost: a count is whole, or it is none.
   */
  readonly count: (
    name: string,
    of: { readonly by: number; readonly windowMs: number },
  ) => Promise<Counted>;
  /**
   * Takes the lease `name` for `ttlMs` milliseconds when it is free, over or already the owner's;
   * undefined while another holds it. An owner is one run of one process. Each new holding has a token
   * above all before it, also after the leases were lost: what is written under a lease is refused
   * by the token of a later one, since two may believe to hold it.
   */
  readonly acquire: (
    name: string,
    owner: string,
    ttlMs: number,
  ) => Promise<{ readonly token: bigint } | undefined>;
  /** Holds it for `ttlMs` from now; false once it is over or lost. */
  readonly renew: (name: string, token: bigint, ttlMs: number) => Promise<boolean>;
  /** Gives it back. Of a lease that is lost there is nothing to give. */
  readonly release: (name: string, token: bigint) => Promise<void>;
  /** Tells all who listen, this process too. It may be lost: who hears nothing looks now and then. */
  readonly tell: (topic: string, text: string) => void;
  /** Hears what is told of `topic`, in the order of each teller, until the answered function is called. */
  readonly listen: (topic: string, hear: (text: string) => void) => () => void;
  readonly close: () => Promise<void>;
};

/** What gateways share cannot be reached, or is not whole. */
export class SharedStateUnavailable extends Error {
  override readonly name = 'SharedStateUnavailable';
}
