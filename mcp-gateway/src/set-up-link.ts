import { z } from 'zod';
import { asCommand } from './as-command.ts';
import { openOperatorDoor } from './operator-door.ts';
import { OperatorProblem } from './operator-problem.ts';

// Makes a link by which a person sets up how they log in: for whoever lost the first one, or their passkey.
// It runs at the machine that Sentinel runs on, with the key that only the operator's account can read.

const usage = 'Usage: npm run set-up-link';

const shown = z.object({ link: z.url(), until: z.iso.datetime() });

/** The link alone goes to standard output. */
const run = async (args: readonly string[]): Promise<string> => {
  if (args.length > 0) throw new OperatorProblem(usage);
  const door = await openOperatorDoor();
  const { link, until } = shown.parse(await (await door.post('/set-up-link')).json());
  const minute = Temporal.Instant.from(until).toString({ smallestUnit: 'minute' });
  const by = minute.replace('T', ' ').replace('Z', ' UTC');
  process.stderr.write(
    `Open this link once, by ${by}, at a browser of yours. Whoever opens it first chooses the name by which they are known, makes a passkey for it, and may then answer approvals, give grants and release halts. Links before it that nobody used open nothing more; passkeys that there are go on working.\n`,
  );
  return link;
};

await asCommand(run);
