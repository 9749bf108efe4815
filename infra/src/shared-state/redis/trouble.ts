/** What is the matter with a Redis, as a person reads it behind its name. */
export type Trouble = {
  readonly words: string;
  /** Only a human can change it: a start is refused. Else it may pass by itself. */
  readonly isMisconfigured: boolean;
  /** Another connection may find a server that is well. */
  readonly needsNewConnection: boolean;
};

/** What Redis begins or fills its refusals with, first those that say most. */
const refusals: readonly (readonly [string, string])[] = [
  ['WRONGPASS', 'refuses the user or the password of REDIS_URL'],
  ['NOAUTH', 'asks for a password that REDIS_URL does not give'],
  ['NOPERM', 'does not let the user of REDIS_URL do what is needed'],
  ['READONLY', 'is a read-only replica'],
  ['LOADING', 'is still loading its data'],
  ['OOM', 'has no memory left'],
  ['MISCONF', 'cannot save its data, and takes no writes'],
];
const misconfigured: ReadonlySet<string> = new Set(['WRONGPASS', 'NOAUTH', 'NOPERM']);

/**
 * Made of what is known of the error by its code and its first word alone: the library's errors carry the
 * command that failed, and that of the sign-in is the password.
 */
export const troubleOf = (error: unknown): Trouble => {
  const { message, code } = Object.assign({ message: '', code: undefined }, partsOf(error));
  const known = refusals.find(([word]) => new RegExp(`\\b${word}\\b`).test(message));
  if (known !== undefined) {
    const [word, words] = known;
    const isMisconfigured = misconfigured.has(word);
    return { words, isMisconfigured, needsNewConnection: word === 'READONLY' };
  }
  if (/timed? ?out/i.test(message) || code === 'ETIMEDOUT')
    return { words: 'does not answer in time', isMisconfigured: false, needsNewConnection: true };
  const name = code ?? /^[A-Z]{3,20}(?= )/.exec(message)?.[0];
  const isCertificate = name !== undefined && /CERT|SIGNATURE|TLS/.test(name);
  return {
    words: isCertificate
      ? `has a certificate that cannot be trusted (${name})`
      : `cannot be reached${name === undefined ? '' : ` (${name})`}`,
    isMisconfigured: isCertificate,
    needsNewConnection: false,
  };
};

const partsOf = (error: unknown): { message?: string; code?: string } => {
  if (!(error instanceof Error)) return {};
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    message: error.message,
    ...(code !== undefined && /^[A-Z0-9_]+$/.test(code) && { code }),
  };
};
