import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@sentinel/infra/runtime';
import { z } from 'zod';
import { asCommand } from './as-command.ts';
import { askYesNoLater } from './ask-human.ts';
import { type OperatorDoor, openOperatorDoor } from './operator-door.ts';
import { OperatorProblem } from './operator-problem.ts';

// Answers what waits for a human. It runs at the machine that Sentinel runs on, with the key that only the
// operator's account can read: nothing that a model is told lets it do this.

const usage =
  'Usage: npm run approve            shows what waits, asks about each, and waits for more\n       npm run approve -- <request-id>\nWithout a terminal: npm run approve -- <request-id> --approve-digest <digest of the request>\n       npm run approve -- <request-id> --decline-digest <digest of the request>';

const criterionSchema = z.object({
  criterion: z.string(),
  measured: z.string(),
  needed: z.string(),
  met: z.boolean(),
});
const requestSchema = z.object({
  request_id: z.string(),
  status: z.string(),
  title: z.string(),
  lines: z.array(z.string()),
  criteria: z.array(criterionSchema).optional(),
  reason_given: z.string().nullable(),
  requested_by: z.string(),
  expires_at: z.string(),
  digest: z.string().length(64),
});
type Shown = z.output<typeof requestSchema>;
const foundSchema = z.object({ request: requestSchema });
const pendingSchema = z.object({ requests: z.array(requestSchema) });
const toldSchema = z.object({ told: z.string() });

const lookEveryMs = 2_000;

/** A request is a model's words in part: only what cannot steer a terminal is shown of it. */
const harmless = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** The criteria of a promotion, each in a line of its own, in columns. */
const tableOf = (criteria: NonNullable<Shown['criteria']>): readonly string[] => {
  const head = ['Criterion', 'Measured', 'Needed', 'Met'];
  const rows = criteria.map((of) => [
    ...[of.criterion, of.measured, of.needed],
    of.met ? 'yes' : 'NO',
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [head, ...rows].map(line);
};

/** Until when, as a person reads it. */
const untilOf = (expiresAt: string): string => {
  const until = Temporal.Instant.from(expiresAt);
  const minutes = Math.max(
    0,
    Math.floor((until.epochMilliseconds - systemClock().epochMilliseconds) / 60_000),
  );
  const [date, time] = until.toString({ smallestUnit: 'minute' }).replace('Z', '').split('T');
  return `${date} ${time} UTC (${minutes === 1 ? '1 minute' : `${minutes} minutes`} from now)`;
};

const show = (request: Shown): void => {
  const { title, lines, reason_given: reason, requested_by: by, expires_at: until } = request;
  const shown = [
    title,
    ...lines.map((line) => `  - ${line}`),
    ...(request.criteria === undefined ? [] : tableOf(request.criteria)),
    ...(reason === null ? [] : [`  The reason given: ${JSON.stringify(reason)}`]),
    `  Asked by ${by}, to be answered until ${untilOf(until)}.`,
    '  By these it is answered without a terminal:',
    `  request ${request.request_id}`,
    `  digest  ${request.digest}`,
  ];
  process.stdout.write(`\n${shown.map(harmless).join('\n')}\n`);
};

const pathOf = (requestId: string): string => `/approvals/${encodeURIComponent(requestId)}`;

const answer = async (door: OperatorDoor, request: Shown, approves: boolean): Promise<string> => {
  const body = { digest: request.digest, approves };
  return toldSchema.parse(await (await door.post(pathOf(request.request_id), body)).json()).told;
};

const answerOne = async (
  door: OperatorDoor,
  requestId: string,
  { digest, approves }: { readonly digest: string | undefined; readonly approves: boolean },
) => {
  const { request } = foundSchema.parse(await (await door.get(pathOf(requestId))).json());
  show(request);
  if (digest !== undefined && digest !== request.digest)
    throw new OperatorProblem('The digest is not that of this request: read it again.');
  return digest === undefined ? askAbout(door, request) : answer(door, request, approves);
};

/** Asks the person about what is shown; a no is an answer as a yes is, and later is none. */
const askAbout = async (door: OperatorDoor, request: Shown): Promise<string> => {
  const decision = await askYesNoLater('Approve exactly this?', usage);
  return decision === 'later'
    ? 'Left for later. Nothing has changed; it can be answered until it expires.'
    : answer(door, request, decision === 'yes');
};

/** Asks about each request once, and waits for more until it is ended. */
const wait = async (door: OperatorDoor): Promise<never> => {
  const asked = new Set<string>();
  let said = false;
  for (;;) {
    const { requests } = pendingSchema.parse(await (await door.get('/approvals')).json());
    const fresh = requests.filter(({ request_id: id }) => !asked.has(id));
    for (const request of fresh) {
      asked.add(request.request_id);
      show(request);
      const told = await askAbout(door, request).catch((error: unknown) => {
        if (error instanceof OperatorProblem && process.stdin.isTTY) return error.message;
        throw error;
      });
      process.stdout.write(`${told}\n`);
    }
    if (fresh.length > 0) said = false;
    if (!said) process.stdout.write('\nNothing else waits. Looking on; Ctrl-C ends this.\n');
    said = true;
    await sleep(lookEveryMs);
  }
};

const approve = async (args: readonly string[]): Promise<string> => {
  const [requestId, flag, digest, ...rest] = args;
  const approves = flag !== '--decline-digest';
  const isFlag = flag === '--approve-digest' || !approves;
  const wellFormed = flag === undefined || (isFlag && digest !== undefined);
  if (!wellFormed || rest.length > 0 || requestId?.startsWith('-') === true)
    throw new OperatorProblem(usage);
  const door = await openOperatorDoor();
  return requestId === undefined ? wait(door) : answerOne(door, requestId, { digest, approves });
};

await asCommand(approve);
