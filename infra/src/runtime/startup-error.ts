export type StartupErrorCode =
  | 'bad-pepper'
  | 'certificate-unusable'
  | 'data-dir-in-use'
  | 'data-dir-unusable'
  | 'data-from-newer-version'
  | 'database-failed'
  | 'database-unreachable'
  | 'disk-full'
  | 'event-store-unusable'
  | 'log-of-other-market'
  | 'views-of-other-log'
  | 'market-data-unusable'
  | 'no-binaries'
  | 'no-operating-user'
  | 'port-taken'
  | 'redis-unusable'
  | 'second-replay'
  | 'second-writer'
  | 'views-failed'
  | 'wrong-postgres-major';

type StartupErrorOptions = { readonly code: StartupErrorCode; readonly cause?: unknown };

/**
 * Sentinel cannot start, and only a human can change that. The message is one sentence that says
 * what is the matter and what to do; it is shown without a stack.
 */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly code: StartupErrorCode;
  constructor(message: string, { code, cause }: StartupErrorOptions) {
    super(message, { cause });
    this.code = code;
  }
}
