import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gates, runTool } from './gates.ts';
import { addTallies, type RunnerReport, type Tally, tallyLine, tallyOf } from './tally.ts';

const root = join(import.meta.dirname, '..', '..');
const testsPatienceMs = 60 * 60_000;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const runGates = (): Tally => {
  let tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, command } of gates) {
    const begun = performance.now();
    const ok = runTool(root, command);
    say(`${ok ? 'passed' : 'FAILED'}: ${name} (${Math.round(performance.now() - begun)} ms)`);
    tally = addTallies(tally, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });
  }
  return tally;
};

/** The arguments name tests to run instead of all, in the test runner's own words. */
const runTests = (args: readonly string[]): Tally => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-check-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const command = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args] as const;
    const ok = runTool(root, command, testsPatienceMs);
    const report = existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as RunnerReport)
      : undefined;
    return tallyOf(report, ok);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const tally = addTallies(runGates(), runTests(process.argv.slice(2)));
say(tallyLine(tally));
process.exitCode = tally.failed === 0 ? 0 : 1;
