import type { ServerIdentity } from './test-authority.ts';

/** What can go wrong with an append, by when the client hears of it and what then stands. */
export const appendFaults = [
  'refused',
  'not-leader',
  'cut-before',
  'cut-after',
  'silent-before',
  'silent-after',
  'slow',
  'late',
  'timed-out',
] as const;
export const readFaults = ['refused', 'not-leader', 'cut-midway', 'silent'] as const;
/** How a subscription ends, after one more event: by status code, or with none. */
export const feedFaults = ['too-slow', 'unavailable', 'internal', 'ended'] as const;

export type AppendFault = (typeof appendFaults)[number];
export type ReadFault = (typeof readFaults)[number];
export type FeedFault = (typeof feedFaults)[number];

/** What the next calls of each kind meet, first come, first met. */
export type Faults = {
  readonly append: AppendFault[];
  readonly read: ReadFault[];
  readonly feed: FeedFault[];
};

/** What a test tells the fake. */
export type FakeOrder =
  | { readonly do: 'fault'; readonly on: keyof Faults; readonly what: string }
  | { readonly do: 'end-feeds'; readonly how: FeedFault }
  | { readonly do: 'restart'; readonly downMs: number }
  | { readonly do: 'append'; readonly stream: string; readonly type: string }
  /** The follower leads from now on, and the subscriptions to the one that did are ended. */
  | { readonly do: 'elect' }
  /** Nobody leads until the next election; what is open stays, and nothing more is taken. */
  | { readonly do: 'depose' }
  | { readonly do: 'calm' }
  | { readonly do: 'stop' };

export type FakeAnswer = {
  /** Where the leader listens. */
  readonly port: number;
  readonly followerPort: number;
  readonly met: number;
};

/** With it the fake speaks TLS, and to `ops` with that password alone. */
export type FakeSecurity = { readonly identity: ServerIdentity; readonly password: string };
