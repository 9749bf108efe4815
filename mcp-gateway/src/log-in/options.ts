import type { AccessStore } from '@sentinel/contracts/access';
import type { NewId } from '@sentinel/contracts/kernel';
import type { Passkeys } from '@sentinel/services/access';

export type LogInOptions = {
  readonly store: AccessStore;
  /** Where humans reach this server. */
  readonly base: URL;
  /** Undefined until the house is ready. */
  readonly passkeys: () => Passkeys | undefined;
  readonly newId: NewId;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
  readonly onError: (error: unknown) => void;
  /** Rounds of scrypt for a password; as many as are safe unless it is given. */
  readonly rounds?: number;
};
