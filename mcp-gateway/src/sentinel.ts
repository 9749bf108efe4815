import type { Handlers } from '@sentinel/contracts';
import type { AccessStore } from '@sentinel/contracts/access';
import type { LogPosition, ResourceText, SharedState } from '@sentinel/contracts/kernel';
import type { MarketSource } from '@sentinel/contracts/market';
import type { ComponentHealth } from '@sentinel/contracts/system';
import type { RebuildProgress, RebuiltView, RolledBack } from '@sentinel/projections';
import type { Grants, Keys, LastUses, Passkeys } from '@sentinel/services/access';
import type { Approvals } from '@sentinel/services/approval';
import type { LimitsAdoption } from '@sentinel/services/risk';
import type { AccessLists } from './access-lists.ts';
import type { AccessSource } from './auth/index.ts';
import type { ListedKey } from './key-list.ts';

/** What is to be folded anew; a dry run compares, and leaves what serves. */
export type RebuildOrder = {
  readonly view: string | 'all';
  readonly dryRun: boolean;
  /** On whose behalf: whoever is refused meanwhile hears it. */
  readonly by: string;
};

/**
 * Folds views anew from the first event beside those that serve, compares and swaps them. Undefined when
 * there is no view of this name. @throws RebuildFailed, and RebuildRunning while another one runs
 */
export type Rebuild = (
  order: RebuildOrder,
  onProgress: (progress: RebuildProgress) => void,
  signal: AbortSignal,
) => Promise<readonly RebuiltView[] | undefined>;

/**
 * Lets what served before the last rebuild serve again. Undefined when there is no view of this name.
 * @throws RebuildFailed when nothing stayed, and RebuildRunning while a rebuild runs
 */
export type RollBack = (
  order: Omit<RebuildOrder, 'dryRun'>,
  signal: AbortSignal,
) => Promise<readonly RolledBack[] | undefined>;

/** The house as the door sees it: what answers, what approves, how it is, and how it ends. */
export type Sentinel = {
  readonly handlers: Handlers;
  /** Where the prices come from on which it trades. */
  readonly source: MarketSource;
  /** How far this process has written: what a query must at least have seen. */
  readonly lastAppend: () => LogPosition;
  /** What an answer named by its address; undefined when nothing stands there. */
  readonly readResource: (uri: string) => Promise<ResourceText | undefined>;
  readonly approvals: Approvals;
  /** By what a call is let in: the grants of the log, as they are at that moment. */
  readonly access: AccessSource;
  /** Grants and keys as views list them, for people to look at. */
  readonly accessLists: AccessLists;
  /** What logging in and OAuth remember. */
  readonly accessStore: AccessStore;
  /** By which a human at the desk gives, changes and revokes grants. It is no tool. */
  readonly grants: Grants;
  /** By which a human issues, rotates and revokes keys. It is no tool. */
  readonly keys: Keys;
  /** By which a human registers and removes what they log in by. It is no tool. */
  readonly passkeys: Passkeys;
  /** All keys, for a human who looks at them. @throws ViewParked, ReadStoreUnavailable */
  readonly keyList: () => Promise<readonly ListedKey[]>;
  /** When this process last let somebody in by a grant or a key; no event is written of it. */
  readonly lastUses: LastUses;
  readonly limits: LimitsAdoption;
  /** Counts over all gateways. @throws SharedStateUnavailable */
  readonly count: SharedState['count'];
  readonly components: () => Promise<readonly ComponentHealth[]>;
  readonly rebuild: Rebuild;
  readonly rollBack: RollBack;
  /** Ends everything in order; whatever was acknowledged is in the log. */
  readonly stop: () => Promise<void>;
};
