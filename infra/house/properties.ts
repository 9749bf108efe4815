import { join } from 'node:path';
import { runTool } from './gates.ts';

/** How many cases each property of money and ordering is tried on in the long form. */
const longRuns = '10000';
const patienceMs = 6 * 60 * 60_000;
const rooms = ['services/src/execution', 'services/src/portfolio', 'services/src/risk'];

process.env.PROPERTY_RUNS ??= longRuns;
const args = process.argv.slice(2);
const command = [
  'node_modules/vitest/vitest.mjs',
  'run',
  // Nothing else waits for the machine while it runs.
  '--maxWorkers=100%',
  ...(args.length > 0 ? args : rooms),
] as const;
const root = join(import.meta.dirname, '..', '..');
process.exitCode = runTool(root, command, patienceMs) ? 0 : 1;
