import { parseArgs } from 'node:util';
import { systemClock } from '@sentinel/infra/runtime';
import { z } from 'zod';
import { asCommand } from './as-command.ts';
import { type OperatorDoor, openOperatorDoor } from './operator-door.ts';
import { OperatorProblem } from './operator-problem.ts';

// Gives keys out and takes them back. It runs at the machine that Sentinel runs on, with the key that only
// the operator's account can read: nothing that a model is told lets it do this.

const usage = `Usage: npm run keys                              lists the keys
       npm run keys -- issue <name> --allow look,propose,trade,govern [--expires 90d|<instant>|never]
                [--symbols NVDA,AAPL] [--max-order-usd 5000] [--max-day-usd 20000]
       npm run keys -- rotate <key-id> [--overlap 24h] [--expires 90d|<instant>|never]
       npm run keys -- revoke <key-id> [--reason <words>]`;

const usually = '90d';
const hoursIn: Readonly<Record<string, number>> = { h: 1, d: 24 };

const problem = (message: string) => new OperatorProblem(`${message}\n${usage}`);

/** An instant as it was named, or so many hours or days from now; null for never. */
const instantOf = (text: string): string | null => {
  if (text === 'never') return null;
  const [, count, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  if (count !== undefined)
    return systemClock()
      .add({ hours: Number(count) * (hoursIn[unit] ?? 0) })
      .toString();
  try {
    return Temporal.Instant.from(text).toString();
  } catch (cause) {
    if (cause instanceof RangeError)
      throw problem(`${text} is no time: write 12h, 90d, 2027-01-01T00:00:00Z or never.`);
    throw cause;
  }
};

const listed = z.object({
  keys: z.array(
    z.object({
      key_id: z.string(),
      label: z.string(),
      allows: z.array(z.string()),
      expires_at: z.string().nullable(),
      previous_until: z.string().nullable(),
      standing: z.string(),
      last_used: z.string().nullable(),
    }),
  ),
});
const shown = z.object({ key_id: z.string(), key: z.string() });

const list = async (door: OperatorDoor): Promise<string> => {
  const { keys } = listed.parse(await (await door.get('/keys')).json());
  if (keys.length === 0)
    return 'There is no key. Issue one: npm run keys -- issue <name> --allow look';
  return keys
    .map((key) =>
      [
        `${key.key_id}  ${key.standing.replace('_', ' ')}  ${key.label}`,
        `  allows ${key.allows.join(', ') || 'nothing'}; ends ${key.expires_at ?? 'never'}; last used ${key.last_used ?? 'not since Sentinel started'}`,
        ...(key.previous_until === null
          ? []
          : [`  the secret before it opens until ${key.previous_until}`]),
      ].join('\n'),
    )
    .join('\n');
};

/** The key alone goes to standard output, so that it can be piped into a store of secrets. */
const showOnce = async (answer: Response, said: string): Promise<string> => {
  const { key_id: keyId, key } = shown.parse(await answer.json());
  process.stderr.write(
    `${said} ${keyId}. It is shown this once: keep it where secrets are kept.\nSend it as "Authorization: Bearer <key>".\n`,
  );
  return key;
};

const listOf = (text: string): string[] => text.split(',').map((each) => each.trim());

const options = {
  allow: { type: 'string' },
  expires: { type: 'string', default: usually },
  symbols: { type: 'string' },
  'max-order-usd': { type: 'string' },
  'max-day-usd': { type: 'string' },
  overlap: { type: 'string', default: 'never' },
  reason: { type: 'string' },
} as const;

type Given = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

const issue = async (door: OperatorDoor, label: string, given: Given): Promise<string> => {
  if (given.allow === undefined) throw problem('Say what the key may do, by --allow.');
  const terms = {
    abilities: listOf(given.allow),
    symbols: given.symbols === undefined ? null : listOf(given.symbols.toUpperCase()),
    accounts: null,
    maxOrderValue: given['max-order-usd'] ?? null,
    maxDayValue: given['max-day-usd'] ?? null,
    expiresAt: instantOf(given.expires ?? usually),
  };
  return showOnce(await door.post('/keys', { label, terms }), 'Issued the key');
};

const run = async (args: readonly string[]): Promise<string> => {
  const [command = 'list', subject, ...rest] = args;
  const read = () => {
    try {
      return parseArgs({ args: rest, options }).values;
    } catch (cause) {
      throw problem(cause instanceof Error ? `${cause.message}.` : `${cause}`);
    }
  };
  if (command === 'list' && subject === undefined) return list(await openOperatorDoor());
  if (subject === undefined || !['issue', 'rotate', 'revoke'].includes(command))
    throw new OperatorProblem(usage);
  const given = read();
  const door = await openOperatorDoor();
  const at = `/keys/${encodeURIComponent(subject)}`;
  if (command === 'issue') return issue(door, subject, given);
  if (command === 'rotate') {
    const ends = {
      expiresAt: instantOf(given.expires ?? usually),
      previousUntil: instantOf(given.overlap ?? 'never'),
    };
    return showOnce(await door.post(`${at}/rotate`, ends), 'Rotated the key');
  }
  await door.post(`${at}/revoke`, { reason: given.reason ?? null });
  return `Revoked the key ${subject}: from now on it opens nothing.`;
};

await asCommand(run);
