import type { Handlers } from '@sentinel/contracts';
import type { ComponentHealth } from '@sentinel/contracts/system';
import type { Approvals } from '@sentinel/services/risk';

/** The house as the door sees it: what answers, what approves, how it is, and how it ends. */
export type Sentinel = {
  readonly handlers: Handlers;
  readonly approvals: Approvals;
  readonly components: () => Promise<readonly ComponentHealth[]>;
  /** Ends everything in order; whatever was acknowledged is in the log. */
  readonly stop: () => Promise<void>;
};
