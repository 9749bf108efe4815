import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { openOperatorDoor } from './operator-door.ts';
import { OperatorProblem } from './operator-problem.ts';
import { rebuildPace } from './rebuild-pace.ts';

// Folds views anew in the running program, beside those that serve.

const usage = `Usage: npm run rebuild -- <view>|--all [--dry-run]
  --dry-run  folds and compares, and leaves what serves`;

const lineSchema = z.union([
  z.object({ done: z.string(), total: z.string() }),
  z.object({
    view: z.string(),
    position: z.string(),
    result: z.enum(['equal', 'different', 'not-comparable']),
    keys: z.array(z.string()),
  }),
  z.object({ error: z.string() }),
]);

const verdicts = {
  equal: 'equal to what served',
  different: 'DIFFERENT from what served; the rebuilt one serves now',
  'not-comparable': 'nothing to compare with',
} as const;
const dryVerdicts = {
  ...verdicts,
  equal: 'equal to what serves',
  different: 'DIFFERENT from what serves, which was left',
} as const;

type Showing = { readonly dryRun: boolean; readonly pace: ReturnType<typeof rebuildPace> };

/** Prints what one line says. Answers whether it tells of something wrong. */
const show = (text: string, { dryRun, pace }: Showing): boolean => {
  const line = lineSchema.parse(JSON.parse(text));
  if ('error' in line) {
    process.stderr.write(`${line.error}\n`);
    return true;
  }
  if ('done' in line) {
    process.stdout.write(`${pace(line)}\n`);
    return false;
  }
  const keys = line.keys.length === 0 ? '' : ` (first keys: ${line.keys.join(', ')})`;
  process.stdout.write(
    `${line.view}: ${(dryRun ? dryVerdicts : verdicts)[line.result]}, at position ${line.position}${keys}\n`,
  );
  return line.result === 'different';
};

/** All views when none is named. @throws OperatorProblem */
const readArguments = (args: readonly string[]) => {
  const flags = args.filter((arg) => arg.startsWith('--'));
  const [view, ...more] = args.filter((arg) => !arg.startsWith('--'));
  const known = flags.every((flag) => flag === '--all' || flag === '--dry-run');
  if (!known || more.length > 0 || (view !== undefined && flags.includes('--all')))
    throw new OperatorProblem(usage);
  return { view: view ?? 'all', dryRun: flags.includes('--dry-run') };
};

const run = async (args: readonly string[]): Promise<boolean> => {
  const { view, dryRun } = readArguments(args);
  const showing = { dryRun, pace: rebuildPace(() => performance.now()) };
  const door = await openOperatorDoor();
  const path = `/rebuild/${encodeURIComponent(view)}?dry_run=${dryRun}`;
  const response = await door.post(path);
  if (response.body === null) throw new OperatorProblem('Sentinel answered nothing.');
  let wrong = false;
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    wrong = show(line, showing) || wrong;
  }
  return wrong;
};

try {
  process.exitCode = (await run(process.argv.slice(2))) ? 1 : 0;
} catch (error) {
  if (!(error instanceof OperatorProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
