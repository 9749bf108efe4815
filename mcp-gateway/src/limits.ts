import { z } from 'zod';
import { asCommand } from './as-command.ts';
import { askHuman } from './ask-human.ts';
import { openOperatorDoor } from './operator-door.ts';
import { OperatorProblem } from './operator-problem.ts';

// Shows how the environment's limits differ from those in force, and brings them in when a human says so.

const usage =
  'Usage: npm run limits\nWithout a terminal: npm run limits -- --adopt-digest <digest of the differences>';

const comparisonSchema = z.object({
  version: z.int(),
  differences: z.array(z.object({ limit: z.string(), inForce: z.string(), wanted: z.string() })),
  digest: z.string().length(64),
});
const adoptedSchema = z.object({ version: z.int() });

const run = async (args: readonly string[]): Promise<string> => {
  const [flag, digest, ...rest] = args;
  const wellFormed = flag === undefined || (flag === '--adopt-digest' && digest !== undefined);
  if (!wellFormed || rest.length > 0) throw new OperatorProblem(usage);
  const door = await openOperatorDoor();
  const found = comparisonSchema.parse(await (await door.get('/limits')).json());
  if (found.differences.length === 0)
    return `The limits in force (version ${found.version}) are those of the environment that Sentinel was started with.`;
  const lines = found.differences.map(
    ({ limit, inForce, wanted }) => `  ${limit}: ${inForce} is in force, ${wanted} is wanted`,
  );
  process.stdout.write(
    `Limits version ${found.version} is in force. What Sentinel was started with differs:\n${lines.join('\n')}\n  digest ${found.digest}\n`,
  );
  if (digest !== undefined && digest !== found.digest)
    throw new OperatorProblem('The digest is not that of these differences: read them again.');
  if (digest === undefined && !(await askHuman('Put exactly these in force?', usage)))
    return 'Nothing has changed.';
  const body = { digest: found.digest };
  const { version } = adoptedSchema.parse(await (await door.post('/limits', body)).json());
  return `Limits version ${version} is in force, in open sessions too.`;
};

await asCommand(run);
