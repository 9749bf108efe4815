import { readFile } from 'node:fs/promises';
import type { Timer } from '@sentinel/contracts/kernel';
import type { ComponentHealth } from '@sentinel/contracts/system';
import { type Log, StartupError, sha256 } from '../runtime/index.ts';
import { type Checked, checkPair, type Pair, type PairText } from './check-pair.ts';

type PairFiles = { readonly certFile: string; readonly keyFile: string };

export type PairOptions = PairFiles & {
  readonly host: string;
  readonly now: () => Temporal.Instant;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Roots in PEM instead of those that this machine trusts. */
  readonly roots?: readonly string[];
};

/** A certificate and its key, as the files have them: a new pair is taken up, a broken one is not. */
export type KeptPair = {
  readonly current: () => Pair;
  /** Is called with each pair that is taken up. */
  readonly onChange: (listener: (pair: Pair) => void) => void;
  readonly health: () => ComponentHealth;
  /** Looks at the files once. A change is judged at the second look that finds it: two files are not written at once. */
  readonly look: () => Promise<void>;
};

const lookEveryMs = 5_000;

const readOne = async (setting: string, path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new StartupError(
      code === 'ENOENT'
        ? `${setting} names ${path}, and there is no such file.`
        : `${setting} names ${path}, which this account cannot read (${code}).`,
      { code: 'certificate-unusable', cause: error },
    );
  }
};

type Read =
  | { readonly ok: true; readonly text: PairText }
  | { readonly ok: false; readonly problem: string };

const readPair = async ({ certFile, keyFile }: PairFiles): Promise<Read> => {
  try {
    const cert = await readOne('TLS_CERT_FILE', certFile);
    return { ok: true, text: { cert, key: await readOne('TLS_KEY_FILE', keyFile) } };
  } catch (error) {
    if (error instanceof StartupError) return { ok: false, problem: error.message };
    throw error;
  }
};

const judge = (read: Read, options: PairOptions): Checked =>
  read.ok
    ? checkPair(read.text, { ...options, now: options.now() })
    : { ok: false, problem: read.problem };

const markOf = (read: Read): string =>
  read.ok ? sha256(`${read.text.cert}\n${read.text.key}`) : read.problem;

/** Reads and proves the pair. @throws StartupError with one sentence when it cannot be served */
export const keepPair = async (options: PairOptions): Promise<KeptPair> => {
  const first = await readPair(options);
  const checked = judge(first, options);
  if (!checked.ok) throw new StartupError(checked.problem, { code: 'certificate-unusable' });
  let { pair } = checked;
  let problem: string | undefined;
  let judged = markOf(first);
  let seen = judged;
  const listeners: ((pair: Pair) => void)[] = [];

  const take = (next: Checked): void => {
    if (!next.ok) {
      problem = next.problem;
      options.log.warn(
        `The new certificate is not taken, and that of before serves on: ${problem}`,
      );
      return;
    }
    problem = undefined;
    pair = next.pair;
    for (const listener of listeners) listener(pair);
    options.log.info(`A new certificate is served, until ${pair.until}.`);
  };

  const health = (): ComponentHealth => {
    const until = `certificate for ${options.host} until ${pair.until.toString().slice(0, 16)}Z`;
    const ended = Temporal.Instant.compare(options.now(), pair.until) >= 0;
    const isWell = problem === undefined && !ended;
    const why = problem === undefined ? '' : `; the new one is not taken: ${problem}`;
    return {
      component: 'https',
      state: isWell ? 'ready' : 'degraded',
      detail: `${until}${ended ? ', which is over: renew it' : ''}${why}`,
    };
  };

  return {
    current: () => pair,
    onChange: (listener) => void listeners.push(listener),
    health,
    look: async () => {
      const read = await readPair(options);
      const mark = markOf(read);
      const isStill = mark === seen;
      seen = mark;
      if (!isStill || mark === judged) return;
      judged = mark;
      take(judge(read, options));
    },
  };
};

/** Looks every five seconds until it is told to stop. */
export const watchPair = async (
  { look }: Pick<KeptPair, 'look'>,
  { timer, signal }: { readonly timer: Timer; readonly signal: AbortSignal },
): Promise<void> => {
  while (!signal.aborted) {
    await timer.pause(lookEveryMs, signal);
    if (!signal.aborted) await look();
  }
};
