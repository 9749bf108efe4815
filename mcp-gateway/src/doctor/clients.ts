import type { Issuer } from './discovery.ts';
import { bad, type Finding, good, unknown, warning } from './finding.ts';
import { ask, objectIn, type World } from './world.ts';

/** Where Claude has people sent back: both names of the web, and whatever port Claude Code finds free. */
const callbacks: Readonly<Record<string, readonly string[]>> = {
  'claude.ai': [
    'https://claude.ai/api/mcp/auth_callback',
    'https://claude.com/api/mcp/auth_callback',
  ],
  'Claude Code': ['http://localhost:49152/callback'],
};
const json = { 'content-type': 'application/json', accept: 'application/json' };

const wordsIn = (text: string): string => {
  const { error, error_description: description } = objectIn(text) ?? {};
  return [error, description].filter((each) => typeof each === 'string').join(': ');
};

type Registered = { readonly finding: Finding; readonly clientId?: string | undefined };

/** Registers as Claude does, and takes it back where the server lets one. */
const register = async (world: World, at: URL, who: string): Promise<Registered> => {
  const check = `callbacks, ${who}`;
  const uris = callbacks[who] ?? [];
  const wanted = {
    ...{ client_name: `sentinel-doctor, as ${who}`, redirect_uris: uris },
    grant_types: ['authorization_code', 'refresh_token'],
    ...{ response_types: ['code'], token_endpoint_auth_method: 'none' },
    ...(uris[0]?.startsWith('http:') && { application_type: 'native' }),
  };
  const answer = await ask(world, at, {
    method: 'POST',
    headers: json,
    body: JSON.stringify(wanted),
  });
  if ('problem' in answer)
    return { finding: bad({ check, says: `${at.href}: ${answer.problem}.` }) };
  const said = objectIn(answer.text);
  const clientId = typeof said?.client_id === 'string' ? said.client_id : undefined;
  if (answer.status !== 201 || clientId === undefined) {
    const says = `Registration answers ${answer.status} ${wordsIn(answer.text)}`.trimEnd();
    if (answer.status === 429)
      return { finding: unknown({ check, says: `${says}: wait and try again.` }) };
    const mend = `Allow exactly ${uris.join(' and ')}${who === 'Claude Code' ? ', with any port' : ''}.`;
    return { finding: bad({ check, says: `${says}.`, mend }) };
  }
  const { registration_client_uri: uri, registration_access_token: token } = said ?? {};
  const canGo = typeof uri === 'string' && URL.canParse(uri) && typeof token === 'string';
  if (canGo && new URL(uri).origin === at.origin)
    await ask(world, new URL(uri), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });
  return { finding: good(check, `${uris.join(', ')} are taken.`), clientId };
};

const slowMs = 3_000;

/** A code that nobody gave out must be refused, in time and in JSON. */
const checkTokens = async (
  world: World,
  at: URL,
  clientId: string | undefined,
): Promise<Finding> => {
  const check = 'token endpoint';
  const form = {
    ...{ grant_type: 'authorization_code', code: 'sentinel-doctor', code_verifier: 'd'.repeat(43) },
    ...{
      client_id: clientId ?? 'sentinel-doctor',
      redirect_uri: 'http://localhost:49152/callback',
    },
  };
  const answer = await ask(world, at, {
    ...{ method: 'POST', body: new URLSearchParams(form).toString() },
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
  });
  if ('problem' in answer)
    return bad({
      ...{ check, says: `${at.href}: ${answer.problem}.` },
      mend: 'Claude gives it 10 s: see what its store and the way to it need so long for.',
    });
  const error = wordsIn(answer.text);
  if (answer.status < 400 || answer.status >= 500 || error === '')
    return bad({
      ...{ check, says: `It answers a made-up code by ${answer.status}, and no error of OAuth.` },
      mend: 'Let the proxy pass it on as it is.',
    });
  const seconds = (answer.tookMs / 1_000).toFixed(1);
  return answer.tookMs > slowMs
    ? warning({ check, says: `It took ${seconds} s; Claude gives it 10 s.` })
    : good(check, `It refuses a made-up code within ${seconds} s.`);
};

/** Whether Claude becomes a client and is answered where tokens are given. */
export const checkClients = async (world: World, issuer: Issuer): Promise<readonly Finding[]> => {
  const { registration_endpoint: registration, token_endpoint: tokens } = issuer;
  const registered: Registered[] = [];
  if (registration !== undefined)
    for (const who of Object.keys(callbacks))
      registered.push(await register(world, new URL(registration), who));
  const none = unknown({
    check: 'callbacks',
    says: 'Without registration they show at the first log-in.',
  });
  return [
    ...(registration === undefined ? [none] : registered.map(({ finding }) => finding)),
    await checkTokens(world, new URL(tokens), registered.at(-1)?.clientId),
  ];
};
