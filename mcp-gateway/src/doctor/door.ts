import { z } from 'zod';
import { bad, type Finding, good, missing, unknown, warning } from './finding.ts';
import { ask, objectIn, type World } from './world.ts';

const mostOffsetSeconds = 5;

/** Tokens and their ends are told by clocks: theirs and ours must agree. */
const checkClock = (world: World, date: string | undefined): Finding => {
  const check = 'clock';
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return unknown({ check, says: 'The answer has no Date.' });
  const offset = Math.round((theirs - world.now().epochMilliseconds) / 1_000);
  return Math.abs(offset) <= mostOffsetSeconds
    ? good(check, `${offset} s apart from this machine.`)
    : bad({
        ...{ check, says: `It is ${offset} s apart from this machine.` },
        mend: 'Let both follow a time server: tokens end by the clock.',
      });
};

export type Health = {
  readonly findings: readonly Finding[];
  /** Whether anything answers at all. */
  readonly answers: boolean;
};

/** Strangers are told the state alone. */
const healthSchema = z.object({
  state: z.enum(['ready', 'not ready']),
  version: z.string().optional(),
  components: z
    .array(z.object({ component: z.string(), state: z.string(), detail: z.string() }))
    .default([]),
});

const wellOf = ({ state, version, components }: z.output<typeof healthSchema>): Finding => {
  const check = 'health';
  const name = version === undefined ? 'Sentinel' : `Sentinel ${version}`;
  if (state === 'ready') return good(check, `${name} is ready.`);
  const unwell = components
    .filter((part) => part.state !== 'ready')
    .map((part) => `${part.component} ${part.state}: ${part.detail}`);
  const unsaid = `${name} is not ready: npm run status at its machine says which part.`;
  return warning({ check, says: unwell.join('; ') || unsaid });
};

/** Whether a Sentinel answers, how it is, and whether its clock agrees. */
export const checkHealth = async (world: World, door: URL): Promise<Health> => {
  const check = 'health';
  const url = new URL('/health', door);
  const answer = await ask(world, url);
  if ('problem' in answer) {
    const says = `${url.href}: ${answer.problem}.`;
    const mend =
      'Start it with "npm start", or correct the address; "npm run status" says where it listens.';
    return { findings: [bad({ check, says, mend })], answers: false };
  }
  const clock = checkClock(world, answer.headers.date);
  const said = healthSchema.safeParse(objectIn(answer.text));
  if (!said.success) {
    const mend =
      answer.status === 403 || answer.status === 308
        ? 'Set SENTINEL_PUBLIC_URL to this address, TRUSTED_PROXIES to the proxy before it, and let that send Host and X-Forwarded-Proto.'
        : 'Let the proxy pass everything of this host on to Sentinel.';
    const says = `${url.href} answers ${answer.status}, and not as Sentinel does.`;
    return { findings: [bad({ check, says, mend }), clock], answers: true };
  }
  return { findings: [wellOf(said.data), clock], answers: true };
};

export type Door = {
  readonly findings: readonly Finding[];
  /** Whether it lets in who has no token. */
  readonly isOpen: boolean;
  /** Where the door says that its metadata stands. */
  readonly metadata?: URL | undefined;
};

export const mcpHeaders = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2025-11-25',
} as const;
const listTools = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });

/** What the door says to who brings no token: Claude begins its log-in with that. */
export const checkDoor = async (
  world: World,
  { door, isLoopback }: { readonly door: URL; readonly isLoopback: boolean },
): Promise<Door> => {
  const check = 'door';
  const answer = await ask(world, door, { method: 'POST', headers: mcpHeaders, body: listTools });
  if ('problem' in answer)
    return { findings: [bad({ check, says: `${door.href}: ${answer.problem}.` })], isOpen: false };
  if (answer.status === 200) {
    const words = {
      ...{ check, says: 'It lets in whoever comes, without authentication.' },
      mend: 'Set SENTINEL_AUTH_ENABLED=true before others can reach it.',
    };
    return { findings: [isLoopback ? missing(words) : bad(words)], isOpen: true };
  }
  const challenge = answer.headers['www-authenticate'] ?? '';
  const named = /resource_metadata="([^"]+)"/.exec(challenge)?.[1];
  if (answer.status !== 401 || !/^Bearer\b/i.test(challenge) || !URL.canParse(named ?? ''))
    return {
      findings: [
        bad({
          ...{
            check,
            says: `Without a token it answers ${answer.status}${answer.status === 401 ? ', and names no resource_metadata in WWW-Authenticate' : ' instead of 401'}.`,
          },
          mend:
            answer.status === 401
              ? 'Claude begins its log-in there: OAuth has to be offered, and a proxy has to pass the header on. Who shows a key needs none.'
              : 'Let the proxy pass /mcp on as it is, and ask for no log-in of its own.',
        }),
      ],
      isOpen: false,
    };
  return {
    findings: [good(check, `401, and points to ${named}.`)],
    ...{ isOpen: false, metadata: new URL(named ?? '') },
  };
};
