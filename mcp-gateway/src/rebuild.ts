import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { openOperatorDoor } from './operator-door.ts';
import { OperatorProblem } from './operator-problem.ts';

// Folds views anew in the running program: `npm run rebuild` for all, `npm run rebuild -- <view>` for one.

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

/** Prints what one line says. Answers whether it tells of something wrong. */
const show = (text: string): boolean => {
  const line = lineSchema.parse(JSON.parse(text));
  if ('error' in line) {
    process.stderr.write(`${line.error}\n`);
    return true;
  }
  if ('done' in line) {
    process.stdout.write(`folded ${line.done} of ${line.total} events\n`);
    return false;
  }
  const keys = line.keys.length === 0 ? '' : ` (first keys: ${line.keys.join(', ')})`;
  process.stdout.write(
    `${line.view}: ${verdicts[line.result]}, at position ${line.position}${keys}\n`,
  );
  return line.result === 'different';
};

const run = async (view: string): Promise<boolean> => {
  const door = await openOperatorDoor();
  const response = await door.post(`/rebuild/${encodeURIComponent(view)}`);
  if (response.body === null) throw new OperatorProblem('Sentinel answered nothing.');
  let wrong = false;
  for await (const line of createInterface({ input: Readable.fromWeb(response.body) })) {
    wrong = show(line) || wrong;
  }
  return wrong;
};

try {
  process.exitCode = (await run(process.argv[2] ?? 'all')) ? 1 : 0;
} catch (error) {
  if (!(error instanceof OperatorProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
