import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { openOperatorDoor } from './operator-door.ts';
import { OperatorProblem } from './operator-problem.ts';
import { rebuildPace } from './rebuild-pace.ts';

// Folds views anew in the running program, beside those that serve.

const usage = `Usage: npm run rebuild -- <view>|--all [--dry-run|--rollback]
  --dry-run   folds and compares, and leaves what serves
  --rollback  lets what served before the last rebuild serve again`;

const lineSchema = z.union([
  z.object({ done: z.string(), total: z.string() }),
  z.object({
    view: z.string(),
    position: z.string(),
    result: z.enum(['equal', 'explained', 'different', 'not-comparable']),
    differences: z.string().nullable(),
  }),
  z.object({
    view: z.string(),
    position: z.string(),
    version: z.int(),
    goes_on: z.boolean(),
  }),
  z.object({ error: z.string() }),
]);

const verdicts = {
  equal: 'equal to what served',
  explained: 'different from what served as its other version explains; the rebuilt one serves now',
  different: 'DIFFERENT from what served; the rebuilt one serves now',
  'not-comparable': 'nothing to compare with',
} as const;
const dryVerdicts = {
  ...verdicts,
  equal: 'equal to what serves',
  explained: 'different from what serves, which was left, as its other version explains',
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
  if ('goes_on' in line) {
    const next = line.goes_on
      ? 'serves again'
      : 'serves again as it stands: stop this Sentinel and start the one that folds that version';
    process.stdout.write(
      `${line.view}: version ${line.version} ${next}, at position ${line.position}\n`,
    );
    return false;
  }
  const differences = line.differences === null ? '' : ` (${line.differences})`;
  process.stdout.write(
    `${line.view}: ${(dryRun ? dryVerdicts : verdicts)[line.result]}, at position ${line.position}${differences}\n`,
  );
  return line.result === 'different';
};

/** A view, or all of them by their flag: neither is taken for granted. @throws OperatorProblem */
const readArguments = (args: readonly string[]) => {
  const flags = args.filter((arg) => arg.startsWith('--'));
  const [view, ...more] = args.filter((arg) => !arg.startsWith('--'));
  const known = flags.every((flag) => ['--all', '--dry-run', '--rollback'].includes(flag));
  const [dryRun, rollback] = ['--dry-run', '--rollback'].map((flag) => flags.includes(flag));
  if (
    !known ||
    (dryRun && rollback) ||
    more.length > 0 ||
    (view !== undefined) === flags.includes('--all')
  )
    throw new OperatorProblem(usage);
  return { view: view ?? 'all', dryRun: dryRun === true, rollback: rollback === true };
};

const run = async (args: readonly string[]): Promise<boolean> => {
  const { view, dryRun, rollback } = readArguments(args);
  const showing = { dryRun, pace: rebuildPace(() => performance.now()) };
  const door = await openOperatorDoor();
  const path = `/rebuild/${encodeURIComponent(view)}?dry_run=${dryRun}&rollback=${rollback}`;
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
