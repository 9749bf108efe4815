import { tools } from '@sentinel/contracts';
import { type Ability, abilities, type GrantTerms } from '@sentinel/contracts/access';
import { grantIdSchema, type ToolDefinition } from '@sentinel/contracts/kernel';
import { systemClock } from '@sentinel/infra/runtime';
import type { GrantCommand } from '@sentinel/services/access';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callTool, connect, startTestOAuth, type TestOAuth, usualYes } from './oauth/test-flow.ts';

type Door = '/mcp' | '/mcp/readonly' | '/sse';

/** What a human may have let a client do: each thing alone, and all of it. */
const grants = [...abilities.map((each) => [each]), [...abilities]] as const;
const named = (allowed: readonly Ability[]) => allowed.join(' and ');

const names = Object.keys(tools).map((id) => id.replaceAll('.', '_'));

let house: TestOAuth;
beforeAll(async () => {
  house = await startTestOAuth();
});
afterAll(() => house.close());

/** Seconds by which the clock of the tokens is ahead. */
let later = 0;
const pass = (seconds: number): void => {
  later += seconds;
  house.pass(seconds);
};
const now = () => systemClock().add({ seconds: later });

/** A client that may do this, and the token that it got for one door. */
const connected = async (allowed: readonly Ability[], door: Door = '/mcp') => {
  const scope = 'read propose trade govern';
  const more = { resource: new URL(door, house.base).href, scope };
  const answer = { ...usualYes, abilities: [...allowed] };
  const { client, tokens } = await connect(house, { more, answer });
  return { client, token: tokens.access_token, refresh: tokens.refresh_token };
};

const by = { principal: 'human:ann', identifiedBy: 'passkey', through: 'page' } as const;

/** A human changes or ends the grant of a client. */
const command = async (client: string, made: (terms: GrantTerms) => GrantCommand) => {
  const payloads = [...house.rows.values()].map(({ payload }) => payload as object | null);
  const own = payloads.find(
    (each): each is { grantId: string } =>
      each !== null && 'grantId' in each && 'clientId' in each && each.clientId === client,
  );
  const grantId = grantIdSchema.parse(own?.grantId);
  const { grant } = (await house.grants.newest(grantId)) ?? {};
  if (grant === undefined) throw new Error(`${client} has no grant`);
  const { grantId: _, client: __, principal: ___, ...terms } = grant;
  const outcome = await house.grants.execute(grantId, made(terms), {
    ...{ principal: 'human:ann', client: 'test', tool: 'test' },
    ...{ correlationId: 'a', causationId: 'a' },
  });
  expect(outcome.ok).toBe(true);
};

const altered = (token: string): string =>
  [...token].map((each, at) => (at === 20 ? (each === 'A' ? 'B' : 'A') : each)).join('');

/** How a token comes to open nothing at /mcp, however much its human allowed. Answers the token. */
const spoilt: Readonly<
  Record<string, (allowed: readonly Ability[]) => Promise<string | undefined>>
> = {
  'no token': async () => undefined,
  'an empty token': async () => '',
  'a made-up token': async () => 'x'.repeat(43),
  'an altered token': async (allowed) => altered((await connected(allowed)).token),
  'a token cut short': async (allowed) => (await connected(allowed)).token.slice(0, -1),
  'two tokens at once': async (allowed) => {
    const { token } = await connected(allowed);
    return `${token} ${token}`;
  },
  'the token that renews it': async (allowed) => (await connected(allowed)).refresh,
  'a token for the readers’ door': async (allowed) =>
    (await connected(allowed, '/mcp/readonly')).token,
  'a token for the door of streams': async (allowed) => (await connected(allowed, '/sse')).token,
  'an expired token': async (allowed) => {
    const { token } = await connected(allowed);
    pass(3_601);
    return token;
  },
  'a token that its client revoked': async (allowed) => {
    const { client, token } = await connected(allowed);
    const body = new URLSearchParams({ token, client_id: client });
    const answer = await fetch(new URL('/oauth/revoke', house.base), { method: 'POST', body });
    expect(answer.status).toBe(200);
    return token;
  },
  'a token whose grant a human revoked': async (allowed) => {
    const { client, token } = await connected(allowed);
    await command(client, () => ({ type: 'RevokeAccess', reason: null, by, at: now() }));
    return token;
  },
  'a token whose grant has ended': async (allowed) => {
    const { client, token } = await connected(allowed);
    await command(client, (terms) => ({
      ...{ type: 'ChangeAccess', version: 1, by, at: now() },
      terms: { ...terms, expiresAt: now().add({ seconds: 30 }) },
    }));
    pass(31);
    return token;
  },
};

describe.each(Object.entries(spoilt))('%s', (_, spoil) => {
  test.each(grants.map((each) => [named(each), each] as const))(
    'with leave to %s opens none of all tools',
    async (_allowed, allowed) => {
      const token = await spoil(allowed);
      const before = house.gateway.contexts.length;
      const answers = await Promise.all(names.map((tool) => callTool(house.base, { token, tool })));
      expect(answers.map(({ status }) => status)).toEqual(names.map(() => 401));
      expect(house.gateway.contexts.length).toBe(before);
    },
  );
});

const scopeOf = { look: 'read', propose: 'propose', trade: 'trade', govern: 'govern' } as const;

test.each(grants.map((each) => [named(each), each] as const))(
  'a good token with leave to %s opens what that names and what only stops, and no other tool',
  async (_, allowed) => {
    const { token } = await connected(allowed);
    const scopes = new Set<string>(allowed.map((each) => scopeOf[each]));
    const expected: string[] = [];
    const refused: string[] = [];
    await Promise.all(
      Object.entries<ToolDefinition>(tools).map(async ([id, { scope, stops }]) => {
        if (!scopes.has(scope) && stops !== true) expected.push(id);
        const answer = await callTool(house.base, { token, tool: id.replaceAll('.', '_') });
        expect(answer.status).toBe(200);
        if ((await answer.text()).includes('insufficient_scope')) refused.push(id);
      }),
    );
    expect(refused.sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(0);
  },
);
