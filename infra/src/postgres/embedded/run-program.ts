import { spawn } from 'node:child_process';

/** Whom to run as, when it is not ourselves. */
export type OperatingUser = { readonly uid: number; readonly gid: number };

export type Run = {
  readonly program: string;
  readonly args: readonly string[];
  /** Default: whoever we are. */
  readonly user?: OperatingUser | undefined;
  readonly timeoutMs: number;
};

export type RunResult = {
  /** Null when the program was killed, also by the time limit, or could not be started. */
  readonly exitCode: number | null;
  /** What it said on both outputs, the first 64 KiB, or why it could not be started. */
  readonly output: string;
};

const outputLimit = 64 * 1024;

/**
 * The environment of every PostgreSQL program. Nothing is inherited but the path: a PGOPTIONS or
 * PGDATA of the caller's shell must not reach our cluster, and messages stay in English to be read.
 */
export const cleanEnvironment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  ...(process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot }),
});

/** Runs a short program to its end. Never rejects: the caller reads the exit code. */
export const runProgram = ({ program, args, user, timeoutMs }: Run): Promise<RunResult> =>
  new Promise((resolve) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      if (output.length < outputLimit) output += chunk.toString('utf8');
    };
    const child = spawn(program, args, {
      ...user,
      cwd: '/',
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ exitCode: null, output: error.message }));
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
