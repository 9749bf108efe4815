import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A check of the whole tree by one tool: it passes when the tool ends with 0. */
export type Gate = {
  readonly name: string;
  /** The tool's script from the repository's root, and its arguments. */
  readonly command: readonly [script: string, ...args: string[]];
};

export const gates: readonly Gate[] = [
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'] },
  {
    name: 'style',
    command: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings'],
  },
  { name: 'nothing unused', command: ['node_modules/knip/bin/knip.js', '--no-progress'] },
];

const patienceMs = 10 * 60_000;

/** Runs one tool on this Node with `root` as its folder; what it says goes to our own output. */
export const runTool = (
  root: string,
  [script, ...args]: Gate['command'],
  timeoutMs = patienceMs,
) => {
  const { status, error } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: timeoutMs,
  });
  if (error !== undefined) process.stdout.write(`${script}: ${error.message}\n`);
  return status === 0;
};
