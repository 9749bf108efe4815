import { userInfo } from 'node:os';
import { z } from 'zod';
import { askHuman } from './ask-human.ts';
import { OperatorProblem, openOperatorDoor } from './operator-door.ts';

// Answers a request that waits for a human. It runs at the machine that Sentinel runs on, with the key
// that only the operator's account can read: nothing that a model is told lets it do this.

const usage =
  'Usage: npm run approve -- <request-id>\nWithout a terminal: npm run approve -- <request-id> --approve-digest <digest of the request>';

const foundSchema = z.object({
  kind: z.string(),
  request: z.record(z.string(), z.unknown()),
  digest: z.string().length(64),
});
const approvedSchema = z.object({ outcome: z.string() });

/** The request is a model's words in part: only what cannot steer a terminal is shown of it. */
const show = (request: Readonly<Record<string, unknown>>): string =>
  Object.entries(request)
    .map(
      ([field, value]) =>
        `  ${field.padEnd(12)} ${JSON.stringify(value).replace(/[^\x20-\x7e]/g, '?')}`,
    )
    .join('\n');

const approve = async (args: readonly string[]): Promise<string> => {
  const [requestId, flag, digest, ...rest] = args;
  const wellFormed = flag === undefined || (flag === '--approve-digest' && digest !== undefined);
  if (requestId === undefined || !wellFormed || rest.length > 0) throw new OperatorProblem(usage);
  const door = await openOperatorDoor();
  const path = `/approvals/${encodeURIComponent(requestId)}`;
  const found = foundSchema.parse(await (await door.get(path)).json());
  process.stdout.write(`${show(found.request)}\n  ${'digest'.padEnd(12)} ${found.digest}\n`);
  if (digest !== undefined && digest !== found.digest) {
    throw new OperatorProblem('The digest is not that of this request: read it again.');
  }
  if (digest === undefined && !(await askHuman('Approve exactly this?', usage)))
    return 'Not approved. Nothing has changed.';
  const answer = await door.post(path, {
    digest: found.digest,
    approvedBy: userInfo().username,
  });
  return `Approved. ${approvedSchema.parse(await answer.json()).outcome}`;
};

try {
  process.stdout.write(`${await approve(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof OperatorProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
