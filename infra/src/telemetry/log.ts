import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';
import type { Log } from '../runtime/index.ts';
import { redactorOf } from './redact.ts';

export type ProgramLog = Log & {
  readonly error: (message: string, error?: unknown) => void;
  /** Writes out what is buffered. */
  readonly flush: () => void;
};

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/**
 * The program's log: everything to a file, warnings and worse to standard error as well. Of `secrets`
 * nothing reaches either, nor of what is named like one.
 */
export const openLog = (file: string, secrets: readonly string[] = []): ProgramLog => {
  const redact = redactorOf(secrets);
  mkdirSync(dirname(file), { recursive: true });
  const toFile = pino.destination({ dest: file, sync: true, mode: 0o600 });
  // A log that cannot be written, on a full disk say, must not end what it tells of: warnings reach
  // standard error all the same, and that the file lacks something is said there once.
  toFile.once('error', (error: Error) => {
    process.stderr.write(`sentinel: the log file cannot be written: ${error.message}\n`);
    toFile.on('error', () => undefined);
  });
  const log = pino(
    { base: undefined, timestamp: pino.stdTimeFunctions.isoTime },
    pino.multistream([
      { level: 'info', stream: toFile },
      {
        level: 'warn',
        stream: { write: (line: string) => void process.stderr.write(plain(line)) },
      },
    ]),
  );
  return {
    info: (message) => log.info(redact(message)),
    warn: (message) => log.warn(redact(message)),
    error: (message, error) =>
      error === undefined
        ? log.error(redact(message))
        : log.error({ error: redact(describe(error)) }, redact(message)),
    flush: () => toFile.flushSync(),
  };
};

/** A line for a person: the file has the rest. */
const plain = (line: string): string => {
  const { msg } = JSON.parse(line) as { readonly msg: string };
  return `sentinel: ${msg}\n`;
};
