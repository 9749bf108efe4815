import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { testSettings } from './copy.ts';
import type { TrialOrder, TrialStep } from './trial-order.ts';

const lookEveryMs = 500;
/** No single test takes so long: a process that says nothing for so long is in a loop without an end. */
const silenceMs = 240_000;

const running = new Set<ChildProcess>();

/** Vitest in a copy, in a process of its own. */
export const startVitest = (
  folder: string,
  { order, more }: { readonly order: TrialOrder; readonly more: readonly string[] },
): ChildProcess => {
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', testSettings, ...more],
    {
      ...{ cwd: folder, stdio: 'ignore', detached: true },
      env: { ...process.env, MUTATION_TRIAL: JSON.stringify(order) },
    },
  );
  running.add(child);
  return child.once('exit', () => running.delete(child));
};

export const isOver = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

/** Ends a process and those that it started. */
export const end = (child: ChildProcess): void => {
  if (child.pid !== undefined && !isOver(child)) process.kill(-child.pid, 'SIGKILL');
};

/** Ends every process that {@link startVitest} has started. */
export const endAll = (): void => {
  for (const child of running) end(child);
};

const stepsIn = (file: string): readonly TrialStep[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as TrialStep)
    : [];

/** Hands on the steps of a process as they come, until it ends, or is ended since it says nothing. */
export const follow = async (
  child: ChildProcess,
  { steps, onStep }: { readonly steps: string; readonly onStep: (step: TrialStep) => void },
): Promise<{ readonly wasSilent: boolean }> => {
  let seen = 0;
  let heardMs = performance.now();
  const hear = (): void => {
    const all = stepsIn(steps);
    if (all.length > seen) heardMs = performance.now();
    for (const step of all.slice(seen)) onStep(step);
    seen = all.length;
  };
  while (!isOver(child)) {
    await sleep(lookEveryMs);
    hear();
    if (performance.now() - heardMs < silenceMs) continue;
    end(child);
    return { wasSilent: true };
  }
  hear();
  return { wasSilent: false };
};
