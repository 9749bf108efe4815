import { spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const program = join(import.meta.dirname, '..', 'main.ts');

export type StartedServer = {
  readonly processId: number | undefined;
  /** Undefined while it runs; then what it said on its way out. */
  readonly ended: () => string | undefined;
};

const lastLine = (file: string, from: number): string => {
  const said = readFileSync(file).subarray(from).toString('utf8').trim();
  return said.slice(said.lastIndexOf('\n') + 1).slice(0, 500);
};

/**
 * Starts the server by itself: it outlives whoever started it, so that other clients keep what they
 * work on, and ends by SIGTERM like any other. What it prints goes to `<dataDir>/console.log`.
 */
export const startServer = (dataDir: string): StartedServer => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'console.log');
  const output = openSync(file, 'a', 0o600);
  const from = fstatSync(output).size;
  const child = spawn(process.execPath, [program], {
    detached: true,
    windowsHide: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code) => {
    ended = lastLine(file, from) || `It ended with code ${code}.`;
  });
  child.unref();
  return { processId: child.pid, ended: () => ended };
};
