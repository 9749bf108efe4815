import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { parseConfig } from '@sentinel/infra/config';
import { z } from 'zod';
import { operatorKeyFile } from './operator-key.ts';

// Answers a request that waits for a human. It runs at the machine that Sentinel runs on, with the key
// that only the operator's account can read: nothing that a model is told lets it do this.

const usage =
  'Usage: npm run approve -- <request-id>\nWithout a terminal: npm run approve -- <request-id> --approve-digest <digest of the request>';

const foundSchema = z.object({
  request: z.record(z.string(), z.unknown()),
  digest: z.string().length(64),
});
const refusalSchema = z.object({ error: z.string() });
const answerWithinMs = 15_000;

/** What ends the command with one sentence. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

type Door = { readonly address: string; readonly key: string };

const openDoor = async (): Promise<Door> => {
  const parsed = parseConfig(process.env);
  if (!parsed.ok) throw new Refusal(`${parsed.refusal.message} ${parsed.refusal.remedy}`);
  const { HOST, PORT, SENTINEL_DATA_DIR } = parsed.value;
  const file = operatorKeyFile(SENTINEL_DATA_DIR);
  const key = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Refusal(
      `The operator's key ${file} cannot be read: run this as the account that runs Sentinel, with the same SENTINEL_DATA_DIR.`,
      { cause },
    );
  });
  return { address: `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`, key: key.trim() };
};

const ask = async (
  { address, key }: Door,
  requestId: string,
  body?: Readonly<Record<string, string>>,
): Promise<unknown> => {
  const response = await fetch(`${address}/approvals/${encodeURIComponent(requestId)}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(answerWithinMs),
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Refusal(`No Sentinel answers on ${address}: start it, or set PORT to its port.`, {
      cause,
    });
  });
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const refusal = refusalSchema.safeParse(answer);
  throw new Refusal(refusal.success ? refusal.data.error : `Sentinel answered ${response.status}.`);
};

/** The request is a model's words in part: only what cannot steer a terminal is shown of it. */
const show = (request: Readonly<Record<string, unknown>>): string =>
  Object.entries(request)
    .map(
      ([field, value]) =>
        `  ${field.padEnd(12)} ${JSON.stringify(value).replace(/[^\x20-\x7e]/g, '?')}`,
    )
    .join('\n');

const askHuman = async (): Promise<boolean> => {
  if (!process.stdin.isTTY) {
    throw new Refusal(`A human must answer, and there is no terminal here.\n${usage}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Approve exactly this? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
};

const approve = async (args: readonly string[]): Promise<string> => {
  const [requestId, flag, digest, ...rest] = args;
  const wellFormed = flag === undefined || (flag === '--approve-digest' && digest !== undefined);
  if (requestId === undefined || !wellFormed || rest.length > 0) throw new Refusal(usage);
  const door = await openDoor();
  const found = foundSchema.parse(await ask(door, requestId));
  process.stdout.write(`${show(found.request)}\n  ${'digest'.padEnd(12)} ${found.digest}\n`);
  if (digest !== undefined && digest !== found.digest) {
    throw new Refusal('The digest is not that of this request: read it again.');
  }
  if (digest === undefined && !(await askHuman())) return 'Not approved. Nothing has changed.';
  await ask(door, requestId, { digest: found.digest, approvedBy: userInfo().username });
  return 'Approved: the halt is released.';
};

try {
  process.stdout.write(`${await approve(process.argv.slice(2))}\n`);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
